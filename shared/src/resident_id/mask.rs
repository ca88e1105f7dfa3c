//! Masks for texts that identify a person, for answers to everyone but their owner's staff.

/// Masks a name: the first character stays. A star stands for each further character of a Chinese name (`张*`,
/// `欧***`), three for the rest of any other (`J***`). A single character becomes stars altogether.
pub fn mask_name(name: &str) -> String {
    let mut characters = name.trim().chars();
    let Some(first) = characters.next() else { return String::new() };
    let rest = characters.count();
    match (is_han(first), rest) {
        (true, 0) => "*".to_owned(),
        (true, _) => format!("{first}{}", "*".repeat(rest)),
        (false, 0) => "***".to_owned(),
        (false, _) => format!("{first}***"),
    }
}

/// Masks a phone number: `138****5678`. Of 8 to 10 characters only the last four stay, of fewer none.
pub fn mask_phone(phone: &str) -> String {
    match phone.trim().chars().count() {
        0..8 => keep(phone, 0, 0),
        8..11 => keep(phone, 0, 4),
        _ => keep(phone, 3, 4),
    }
}

/// Masks the number of a passport or another document: the first character and the last two stay, `E******78`. Of
/// fewer than six characters none stays.
pub fn mask_id_number(number: &str) -> String {
    match number.trim().chars().count() {
        0..6 => keep(number, 0, 0),
        _ => keep(number, 1, 2),
    }
}

/// Stars for all but the first and last characters of the trimmed text.
fn keep(text: &str, first: usize, last: usize) -> String {
    let text = text.trim();
    let end = text.chars().count().saturating_sub(last);
    text.chars()
        .enumerate()
        .map(|(at, character)| if at < first || at >= end { character } else { '*' })
        .collect()
}

/// Whether it is a Chinese character: the unified ideographs, their extensions and 〇.
const fn is_han(character: char) -> bool {
    matches!(character, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chinese_name_keeps_its_first_character_and_its_length() {
        assert_eq!(mask_name("张三"), "张*");
        assert_eq!(mask_name("欧阳娜娜"), "欧***");
        assert_eq!(mask_name("阿凡提·买买提"), "阿******");
        assert_eq!(mask_name("𠮷田"), "𠮷*");
    }

    #[test]
    fn another_name_keeps_its_first_letter_and_hides_its_length() {
        assert_eq!(mask_name("John Smith"), "J***");
        assert_eq!(mask_name("Ян"), "Я***");
    }

    #[test]
    fn a_name_of_nothing_or_one_character_gives_nothing_away() {
        assert_eq!(mask_name(""), "");
        assert_eq!(mask_name("  "), "");
        assert_eq!(mask_name("张"), "*");
        assert_eq!(mask_name("J"), "***");
        assert_eq!(mask_name(" 张三 "), "张*");
    }

    #[test]
    fn a_phone_number_keeps_its_ends() {
        assert_eq!(mask_phone("13812345678"), "138****5678");
        assert_eq!(mask_phone("+8613812345678"), "+86*******5678");
        assert_eq!(mask_phone("63212222"), "****2222");
        assert_eq!(mask_phone("12345"), "*****");
        assert_eq!(mask_phone(""), "");
    }

    #[test]
    fn a_document_number_keeps_one_character_and_two() {
        assert_eq!(mask_id_number("E12345678"), "E******78");
        assert_eq!(mask_id_number("12345"), "*****");
        assert_eq!(mask_id_number(""), "");
    }

    proptest! {
        #[test]
        fn a_mask_always_hides_something(text in "\\PC{1,30}") {
            prop_assume!(!text.trim().is_empty());
            for mask in [mask_name(&text), mask_phone(&text), mask_id_number(&text)] {
                prop_assert!(mask.contains('*'), "{} became {}", text, mask);
            }
        }
    }
}
