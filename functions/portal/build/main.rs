//! Turns `assets/` into what the component serves, so that it has nothing left to do at run time: each page in each
//! language, the other files under a path that changes with their content, all of it packed with gzip as well.
//! A text or a file that is missing fails the build.

mod pack;
mod page;
mod words;

use std::{collections::BTreeMap, error::Error, fmt::Write as _, fs, path::Path};

use page::{PAGES, Site};
use words::Words;

/// What `assets/` holds, by file name.
type Files = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=assets");
    println!("cargo:rerun-if-changed=build");
    let out = std::env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let files = read(Path::new("assets"))?;
    let words = Words::parse(files.get("words.txt").ok_or("assets/words.txt is missing")?)?;

    let served: Vec<_> = files.iter().filter_map(|(name, text)| Some((name, text, kind(name)?))).collect();
    let version = pack::hash(served.iter().flat_map(|(name, text, _)| [name.as_bytes(), text.as_bytes()]));
    let site = Site { files: &files, words: &words, version: &version };

    let mut source = format!("pub(crate) const VERSION: &str = {version:?};\n");
    source.push_str("pub(crate) static ASSETS: &[(&str, File)] = &[\n");
    for (name, text, kind) in &served {
        writeln!(source, "    ({name:?}, {}),", pack::write(out, name, kind, text)?)?;
    }
    source.push_str("];\npub(crate) static PAGES: &[(&str, [File; 2])] = &[\n");
    for page in &PAGES {
        let mut languages = Vec::new();
        for language in words::LANGUAGES {
            let html = site.render(page, language).map_err(|why| format!("{}: {why}", page.template))?;
            let name = format!("{}.{}", page.template, language.tag);
            languages.push(pack::write(out, &name, "text/html; charset=utf-8", &html)?);
        }
        writeln!(source, "    ({:?}, [{}]),", page.path, languages.join(", "))?;
    }
    source.push_str("];\n");
    fs::write(out.join("files.rs"), source)?;
    Ok(())
}

fn read(folder: &Path) -> Result<Files, Box<dyn Error>> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file name is not UTF-8")?;
        files.insert(name.to_owned(), fs::read_to_string(&path)?);
    }
    Ok(files)
}

/// The content type of a file that is served as it is; none for what only goes into pages.
fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml; charset=utf-8"),
        _ => None,
    }
}
