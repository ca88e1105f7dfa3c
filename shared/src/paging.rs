//! Pages of lists.

/// The first `limit` of what was found, and, where there was one more, the cursor behind them.
///
/// So a list asks its store for one more than it shows: a page that is just full doesn't promise another.
#[must_use]
pub fn page<T>(mut found: Vec<T>, limit: i64, cursor: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(cursor);
    (found, next)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn only_what_was_cut_off_makes_another_page() {
        let of = |found: &[i32], limit| page(found.to_vec(), limit, i32::to_string);
        assert_eq!(of(&[1, 2, 3], 2), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(of(&[1, 2], 2), (vec![1, 2], None));
        assert_eq!(of(&[], 2), (vec![], None));
    }
}
