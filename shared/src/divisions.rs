//! Shanghai's administrative divisions by code: district, sub-district or town, residents' or villagers' committee.
//!
//! The table is embedded down to the sub-districts; cargo feature `committees` embeds the 6,509 committees too, for
//! 350 KB. `data/divisions-to-subdistrict.csv` comes from `data/divisions.csv` by
//! `awk -F, '$3 != "committee"' divisions.csv > divisions-to-subdistrict.csv`.

mod code;

use std::sync::LazyLock;

pub use code::{DivisionCode, DivisionCodeError};

#[cfg(feature = "committees")]
const TABLE: &str = include_str!("../data/divisions.csv");
#[cfg(not(feature = "committees"))]
const TABLE: &str = include_str!("../data/divisions-to-subdistrict.csv");

static DIVISIONS: LazyLock<Vec<Division>> = LazyLock::new(|| parse(TABLE));

/// How high a division stands, from the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The city: six digits that end in zeros.
    Municipality,
    /// 区: six digits.
    District,
    /// 街道, 镇 or 乡: nine digits.
    Subdistrict,
    /// 居委会 or 村委会: twelve digits.
    Committee,
}

/// A division of the embedded table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub code: DivisionCode,
    /// The code of the division that it is a part of; `None` for the city.
    pub parent: Option<DivisionCode>,
    /// How high it stands.
    pub level: Level,
    /// Its name alone, such as 外滩街道.
    pub name: &'static str,
}

/// The division with this code.
pub fn find(code: &DivisionCode) -> Option<&'static Division> {
    let at = DIVISIONS.binary_search_by_key(&order(code), |division| order(&division.code)).ok()?;
    DIVISIONS.get(at)
}

/// Whether Shanghai has this division. Without the feature `committees` a committee is taken at its word when its
/// sub-district exists.
pub fn exists(code: &DivisionCode) -> bool {
    let known = if cfg!(feature = "committees") { *code } else { code.at_most(Level::Subdistrict) };
    find(&known).is_some()
}

/// The 16 districts, by code.
pub fn districts() -> &'static [Division] {
    at_level(Level::District)
}

/// The sub-districts and towns under `of`, by code: of a district, or of the whole city for 310000.
pub fn subdistricts(of: &DivisionCode) -> impl Iterator<Item = &'static Division> {
    under(Level::Subdistrict, *of)
}

/// The committees under `of`, by code; none without the feature `committees`.
pub fn committees(of: &DivisionCode) -> impl Iterator<Item = &'static Division> {
    under(Level::Committee, *of)
}

/// The name with everything above it, such as 上海市黄浦区外滩街道. A committee that isn't embedded is named by its
/// sub-district; a division that Shanghai doesn't have, not at all.
pub fn full_name(code: &DivisionCode) -> Option<String> {
    if !exists(code) {
        return None;
    }
    let mut names = Vec::new();
    let mut next = find(code).or_else(|| find(&code.at_most(Level::Subdistrict)));
    while let Some(division) = next {
        names.push(division.name);
        next = division.parent.as_ref().and_then(find);
    }
    Some(names.into_iter().rev().collect())
}

fn under(level: Level, of: DivisionCode) -> impl Iterator<Item = &'static Division> {
    at_level(level).iter().filter(move |division| of.contains(&division.code))
}

fn at_level(level: Level) -> &'static [Division] {
    let first = DIVISIONS.partition_point(|division| division.level < level);
    let end = DIVISIONS.partition_point(|division| division.level <= level);
    DIVISIONS.get(first..end).unwrap_or_default()
}

/// The table's order: level by level, then by code.
fn order(code: &DivisionCode) -> (Level, DivisionCode) {
    (code.level(), *code)
}

/// A line that can't be read is left out; a test makes sure that the embedded table has none but its heading.
fn parse(csv: &'static str) -> Vec<Division> {
    let mut divisions: Vec<_> = csv.lines().filter_map(row).collect();
    divisions.sort_unstable_by_key(|division| order(&division.code));
    divisions
}

/// `code,parent_code,level,name`; the level is the code's own.
fn row(line: &'static str) -> Option<Division> {
    let mut fields = line.split(',');
    let code = DivisionCode::parse(fields.next()?).ok()?;
    let parent = DivisionCode::parse(fields.next()?).ok();
    let name = fields.nth(1)?;
    Some(Division { code, parent, level: code.level(), name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    #[test]
    fn every_line_of_the_embedded_table_is_read_once() {
        assert_eq!(DIVISIONS.len(), TABLE.lines().count() - 1);
        assert!(DIVISIONS.windows(2).all(|pair| order(&pair[0].code) < order(&pair[1].code)));
    }

    #[test]
    fn the_level_in_the_table_is_the_code_s_own() {
        for line in TABLE.lines().skip(1) {
            let division = row(line).unwrap();
            let level = format!("{:?}", division.level).to_lowercase();
            assert_eq!(line.split(',').nth(2), Some(level.as_str()), "{line}");
        }
    }

    #[test]
    fn every_parent_exists_and_contains_its_child() {
        for division in DIVISIONS.iter().filter(|division| division.level != Level::Municipality) {
            let parent = division.parent.unwrap();
            assert!(find(&parent).is_some() && parent.contains(&division.code), "{division:?}");
        }
    }

    #[test]
    fn the_short_table_is_the_long_one_without_its_committees() {
        let short = include_str!("../data/divisions-to-subdistrict.csv");
        let long = include_str!("../data/divisions.csv");
        assert!(short.lines().eq(long.lines().filter(|line| !line.contains(",committee,"))));
    }

    #[test]
    fn the_city_has_sixteen_districts_and_234_subdistricts() {
        assert_eq!(districts().len(), 16);
        assert_eq!(districts().first().map(|district| district.name), Some("黄浦区"));
        assert_eq!(subdistricts(&code("310000")).count(), 234);
        assert_eq!(
            districts().iter().map(|district| subdistricts(&district.code).count()).sum::<usize>(),
            234
        );
        assert!(subdistricts(&code("310101")).any(|subdistrict| subdistrict.name == "外滩街道"));
        assert_eq!(committees(&code("310000")).count(), if cfg!(feature = "committees") { 6509 } else { 0 });
    }

    #[test]
    fn a_full_name_begins_with_the_city() {
        assert_eq!(full_name(&code("310000")).as_deref(), Some("上海市"));
        assert_eq!(full_name(&code("310101013")).as_deref(), Some("上海市黄浦区外滩街道"));
        assert!(
            full_name(&code("310101013001")).is_some_and(|name| name.starts_with("上海市黄浦区外滩街道"))
        );
        assert_eq!(full_name(&code("310199")), None);
        assert_eq!(full_name(&code("310101999001")), None);
    }

    #[test]
    fn a_division_elsewhere_or_made_up_does_not_exist() {
        assert!(exists(&code("310000")) && exists(&code("310101")) && exists(&code("310101013")));
        assert!(!exists(&code("110101")) && !exists(&code("310102")) && !exists(&code("310101999")));
        assert!(!exists(&code("310101999001")));
        assert_eq!(exists(&code("310101013999")), !cfg!(feature = "committees"));
    }
}
