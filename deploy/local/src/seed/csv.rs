//! CSV files that the imports take.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// What an import takes at most: rows of a file, and its bytes.
pub(super) const MOST_ROWS: usize = 20_000;
pub(super) const MOST_BYTES: usize = 8 << 20;

/// A line of these cells; none may have a quotation mark or a line break.
pub(super) fn row(cells: &[&str]) -> String {
    let mut row = String::with_capacity(400);
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            row.push(',');
        }
        if cell.contains(',') {
            row.extend(["\"", cell, "\""]);
        } else {
            row.push_str(cell);
        }
    }
    row.push('\n');
    row
}

/// Files being filled, each no larger than an import takes.
pub(super) struct Files {
    header: &'static str,
    files: Vec<String>,
    /// Of the last file.
    rows: usize,
}

impl Files {
    /// No file yet; each will begin with the header.
    pub(super) fn new(header: &'static str) -> Self {
        Self { header, files: Vec::new(), rows: 0 }
    }

    pub(super) fn push(&mut self, row: &str) {
        let last = self.files.last_mut();
        match last.filter(|file| self.rows < MOST_ROWS && file.len() + row.len() < MOST_BYTES) {
            Some(file) => {
                file.push_str(row);
                self.rows += 1;
            }
            None => {
                self.files.push(format!("{}{row}", self.header));
                self.rows = 1;
            }
        }
    }

    pub(super) fn into_vec(self) -> Vec<String> {
        self.files
    }
}

/// Writes files such as `<name>-001.csv` into a folder, and returns where; a file that is there already is left alone.
///
/// # Errors
/// When a file is there already, or can't be written.
pub(super) fn write(files: &[String], folder: &Path, name: &str) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    let mut paths = Vec::new();
    for (n, content) in (1..).zip(files) {
        let path = folder.join(format!("{name}-{n:03}.csv"));
        File::create_new(&path)
            .and_then(|mut file| file.write_all(content.as_bytes()))
            .with_context(|| format!("can't write {}", path.display()))?;
        paths.push(path);
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(rows: usize, row: &str) -> Vec<String> {
        let mut files = Files::new("header\n");
        (0..rows).for_each(|_| files.push(row));
        files.into_vec()
    }

    #[test]
    fn a_file_that_has_as_many_rows_or_bytes_as_an_import_takes_is_followed_by_another() {
        assert_eq!(filled(0, "row\n").len(), 0);
        assert_eq!(filled(20_000, "row\n").len(), 1);
        let rows: Vec<_> = filled(20_001, "row\n").iter().map(|file| file.lines().count()).collect();
        assert_eq!(rows, [20_001, 2]);
        let files = filled(9, &"x".repeat(1 << 20));
        assert_eq!(files.len(), 2);
        assert!(files.iter().all(|file| file.starts_with("header\n") && file.len() < MOST_BYTES));
    }

    #[test]
    fn a_cell_with_a_comma_is_quoted() {
        assert_eq!(row(&["a", "b,c", ""]), "a,\"b,c\",\n");
    }

    #[test]
    fn files_that_are_there_already_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        let files = ["one", "two"].map(str::to_owned);
        let paths = write(&files, &folder, "points").unwrap();
        assert_eq!(paths, [1, 2].map(|n| folder.join(format!("points-00{n}.csv"))));
        assert!(write(&["other".to_owned()], &folder, "points").is_err());
        assert_eq!(fs::read_to_string(&paths[0]).unwrap(), "one");
    }
}
