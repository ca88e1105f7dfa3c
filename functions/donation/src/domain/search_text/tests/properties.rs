use proptest::prelude::*;

use super::*;

/// Names of divisions, alone and in addresses, and of random characters.
fn name() -> impl Strategy<Value = String> {
    let division = || prop::sample::select(division_names());
    prop_oneof![
        division().prop_map(str::to_owned),
        (division(), division(), 1..999_u32).prop_map(|(a, b, n)| format!("上海市{a}{b}{n}弄（近Xi'an Rd）")),
        prop::collection::vec(prop::char::range('\u{4e00}', '\u{9fa5}'), 1..10).prop_map(String::from_iter),
    ]
}

/// One stretch of a list, from two numbers.
fn stretch<T>(all: &[T], at: prop::sample::Index, length: prop::sample::Index) -> &[T] {
    let at = at.index(all.len());
    &all[at..=at + length.index(all.len() - at)]
}

proptest! {
    #[test]
    fn sqlite_accepts_every_expression(q in "\\PC{0,120}|[a-z' ]{0,120}|[-a-z\"'*()^:+{}徐汇 0-9]{0,120}|(?s).{0,200}") {
        if let Some(expression) = match_expression(&q) {
            let points = Points::of(&[&[&q]]);
            points.find(&q);
            prop_assert!(expression.len() < 8192);
        }
    }

    #[test]
    fn every_stretch_of_a_name_finds_it(name in name(), at: prop::sample::Index, length: prop::sample::Index) {
        let all: Vec<char> = name.chars().collect();
        let q: String = stretch(&all, at, length).iter().collect();
        // From amidst a word of letters or a number there is no prefix to match.
        let q = q.trim_start_matches(|c: char| c.is_ascii());
        if let Some(expression) = match_expression(q) {
            prop_assert_eq!(Points::of(&[&[&name]]).find(q), [0], "{} {}", name, expression);
        }
    }

    #[test]
    fn every_stretch_of_a_names_pinyin_finds_it(
        name in name(), run: prop::sample::Index, at: prop::sample::Index, length: prop::sample::Index,
    ) {
        let chinese = runs(&name).into_iter().filter(|run| run.kind == Kind::Chinese);
        let spoken: Vec<Vec<&str>> = chinese.flat_map(|run| readings::of_run(&run.text)).map(|run| usual(&run)).collect();
        prop_assume!(!spoken.is_empty());
        let syllables: &[&str] = stretch(&spoken[run.index(spoken.len())], at, length);
        let points = Points::of(&[&[&name]]);
        for q in [syllables.concat(), syllables.join(" "), syllables.join("'"), syllables.concat().to_uppercase()] {
            prop_assert_eq!(points.find(&q), [0], "{} {} {:?}", name, q, match_expression(&q));
        }
    }

    #[test]
    fn one_other_reading_among_neighbours_finds_the_name(name in name(), at: prop::sample::Index) {
        let run = readings::of_run(&name).swap_remove(0);
        let at = at.index(run.len());
        let around = at.saturating_sub(WINDOW)..run.len().min(at + WINDOW + 1);
        for other in run[at].usual().into_iter().chain(run[at].others()) {
            let mut typed = usual(&run);
            typed[at] = other;
            prop_assert_eq!(Points::of(&[&[&name]]).find(&typed[around.clone()].concat()), [0]);
        }
    }

    #[test]
    fn indexing_anything_is_bounded(parts: Vec<String>) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        prop_assert!(index_text(&parts).len() <= INDEX_BYTES);
    }
}
