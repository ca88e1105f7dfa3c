//! Notices changes: of component files always, of their sources when asked to.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::app::App;
use crate::manifest::Manifest;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);

/// Reloads components whose file changed, for as long as the application runs.
pub(crate) async fn files(app: Arc<App>) {
    let mut clock = tokio::time::interval(EVERY);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        let app = app.clone();
        // Compiling takes a while; a panic there leaves the components as they are.
        let _ = tokio::task::spawn_blocking(move || app.reload()).await;
    }
}

type Sources = BTreeMap<PathBuf, SystemTime>;

/// Builds components whose sources changed; what was built is noticed by [`files`].
pub(crate) fn sources(manifest: &Manifest) -> ! {
    let mut known = snapshot(manifest);
    loop {
        std::thread::sleep(EVERY);
        let now = snapshot(manifest);
        let changed: Vec<String> = now
            .iter()
            .filter(|(name, sources)| known.get(*name) != Some(sources))
            .map(|(name, _)| name.clone())
            .collect();
        known = now;
        if changed.is_empty() {
            continue;
        }
        eprintln!("rebuilding {}", changed.join(", "));
        if let Err(error) = crate::builder::build(manifest, Some(&changed)) {
            eprintln!("{error:#}; the last good build keeps running");
        }
    }
}

fn snapshot(manifest: &Manifest) -> BTreeMap<String, Sources> {
    let mut all = BTreeMap::new();
    for (name, component) in &manifest.components {
        let Some(build) = &component.build else { continue };
        let folder = manifest.folder().join(&build.workdir);
        let mut sources = Sources::new();
        for pattern in &build.watch {
            let pattern = folder.join(pattern);
            let Some(paths) = pattern.to_str().and_then(|pattern| glob::glob(pattern).ok()) else { continue };
            for path in paths.flatten() {
                if let Some(modified) = std::fs::metadata(&path)
                    .ok()
                    .filter(std::fs::Metadata::is_file)
                    .and_then(|data| data.modified().ok())
                {
                    sources.insert(path, modified);
                }
            }
        }
        all.insert(name.clone(), sources);
    }
    all
}
