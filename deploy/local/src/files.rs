//! Files and folders that belong to their owner alone.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use anyhow::Context as _;

/// Makes `folder` and what is above it; new folders are their owner's alone.
pub(crate) fn make_private_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("can't make the folder {}", folder.display()))
}

/// Writes a file that is its owner's alone and complete from the moment it has its name.
///
/// Returns whether this call made it: an existing file stays as it is unless `replace` is set.
pub(crate) fn write_private(path: &Path, content: &[u8], replace: bool) -> anyhow::Result<bool> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    static DRAFTS: AtomicU32 = AtomicU32::new(0);
    name.push(format!(".{}-{}.new", std::process::id(), DRAFTS.fetch_add(1, Relaxed)));
    let draft = path.with_file_name(name);
    let written = write_new(&draft, content).with_context(|| format!("can't write {}", draft.display()));
    let made = written.and_then(|()| {
        let named = if replace { std::fs::rename(&draft, path) } else { std::fs::hard_link(&draft, path) };
        match named {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error).with_context(|| format!("can't write {}", path.display())),
        }
    });
    if !(replace && made.is_ok()) {
        // What is left of a draft is harmless.
        let _ = std::fs::remove_file(&draft);
    }
    made
}

fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
