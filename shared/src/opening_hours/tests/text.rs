use super::*;

fn refused(text: &str) -> String {
    let fault = OpeningHours::parse_text(text).unwrap_err();
    assert_eq!(fault.code, "hours");
    assert!(!fault.message.zh.is_empty());
    fault.message.en.into_owned()
}

#[test]
fn each_way_to_write_the_same_hours_is_understood() {
    let office = parsed("Mo-Fr 09:00-11:30,13:30-17:00; Sa 09:00-12:00; PH off; 2026-12-31 off");
    for same in [
        "mo-fr 9:00-11:30, 13:30-17:00;SA 09:00-12:00;;2026-12-31 closed;",
        "Mo,Tu,We,Th,Fr: 09:00-11:30,13:30-17:00; Sa: 09:00-12:00; 2026-12-31 off",
        "工作日 9:00-11:30、13:30-17:00；周六 9:00至12:00；2026-12-31 休息",
        "周一至周五９：００－１１：３０，１３：３０～１７：００；星期六 9:00到12:00；法定节假日休息；2026-12-31关闭。",
        "周一至五：9:00–11:30、13:30—17:00\n周六：9:00-12:00\n2026-12-31：休息",
        "每天 9:00-11:30,13:30-17:00; 周末 休息; 周六 9:00-12:00; 2026-12-31至2026-12-31 休息",
        "09:00-11:30,13:30-17:00; Su off; Sa 09:00-12:00; 2026-12-31 off",
    ] {
        assert_eq!(parsed(same), office, "{same}");
    }
}

#[test]
fn ranges_wrap_and_lists_mix_days_and_holidays() {
    let week = |text: &str| parsed(text).weekly.into_keys().collect::<Vec<_>>();
    use Weekday::{Friday, Monday, Saturday, Sunday, Wednesday};
    assert_eq!(week("Fr-Mo 09:00-12:00"), [Monday, Friday, Saturday, Sunday]);
    assert_eq!(week("星期五到星期一 9:00-12:00"), [Monday, Friday, Saturday, Sunday]);
    assert_eq!(week("周一、三、周日 全天"), [Monday, Wednesday, Sunday]);
    assert_eq!(week("周六,周天 9:00-12:00"), [Saturday, Sunday]);
    let mixed = parsed("Su,PH 10:00-24:00");
    assert_eq!(mixed.on_holidays, mixed.weekly[&Sunday]);
}

#[test]
fn always_includes_holidays_and_make_up_days() {
    let always = parsed("Mo off; MW off; 2026-12-31 off; 24/7");
    assert!(always.exceptions.is_empty());
    assert_eq!(always.weekly.len(), 7);
    assert_eq!(
        (&*always.on_holidays, always.make_up_days_as),
        (&[Hours::ALL_DAY][..], Some(Weekday::Monday))
    );
    for same in ["24小时", "24 小时", "全年无休", "全天候"] {
        assert_eq!(parsed(same), always, "{same}");
    }
    let every_day = parsed("每天24小时");
    assert_eq!((every_day.weekly == always.weekly, every_day.on_holidays.len()), (true, 0));
}

#[test]
fn make_up_days_follow_a_weekday_or_are_off() {
    let make_up = |text: &str| parsed(&format!("Mo-Fr 09:00-12:00; {text}")).make_up_days_as;
    assert_eq!(make_up("PH off"), Some(Weekday::Monday));
    assert_eq!(make_up("MW as We"), Some(Weekday::Wednesday));
    assert_eq!(make_up("调休上班日 按 周五"), Some(Weekday::Friday));
    assert_eq!(make_up("MW off"), None);
    assert_eq!(make_up("调休上班日休息"), None);
}

#[test]
fn later_rules_override_earlier_ones_day_by_day() {
    let made = parsed(
        "2026-12-30-2027-01-02 off; Mo-Su 08:00-20:00; We 10:00-12:00; Su off; 2026-12-31 09:00-10:00",
    );
    assert_eq!(made.weekly.len(), 6);
    assert_eq!(made.weekly[&Weekday::Wednesday], [hours("10:00", "12:00")]);
    assert_eq!(made.exceptions.len(), 4);
    assert_eq!(made.exceptions[&day("2026-12-31")], [hours("09:00", "10:00")]);
}

#[test]
fn a_fault_quotes_the_part_that_is_not_understood() {
    let quoted = |text: &str| refused(text).split(['“', '”']).nth(1).unwrap().to_owned();
    assert_eq!(quoted("Mo-Fr 09:00-17:00; by appointment only, please"), "by appointment only,");
    assert_eq!(quoted("周一至周五 上午9:00-11:00"), "上午9:00-11:00");
    assert_eq!(quoted("Monday 09:00-12:00"), "Monday 09:00-12:00");
    assert_eq!(quoted("Mo 09:00-12:00; Tu"), "Tu", "the whole rule where it ends too early");
    assert_eq!(quoted("Mo 09:00-12:00 Tu 09:00-12:00"), "Tu 09:00-12:00");
    assert_eq!(quoted("Mo 09:00-25:00"), "25:00");
    assert_eq!(quoted("2026-02-30 off"), "2026-02-30 off");
    assert_eq!(quoted("PH as Mo"), "as Mo");
}

#[test]
fn a_fault_says_what_is_wrong_with_hours_that_are_understood() {
    assert!(refused("Mo 17:00-09:00").starts_with("The end has to come after the beginning"));
    assert!(refused("Mo 24:00-24:00").starts_with("The end has to come after the beginning"));
    assert!(refused("Mo 09:00-12:00,11:00-13:00").starts_with("The hours of a day must not overlap"));
    assert!(refused("MW 09:00-12:00").starts_with("Make-up days can only be"));
    assert!(refused("2026-01-01-2026-12-31 off").starts_with("There are at most 60 single days"));
    assert!(refused("2026-01-02-2026-01-01 off").starts_with("The end has to come after the beginning"));
    let seven = (0..7).map(|hour| format!("0{hour}:00-0{hour}:30")).collect::<Vec<_>>().join(",");
    assert!(refused(&format!("Mo {seven}")).starts_with("A day has at most 6"));
    for nothing in ["", " ; ", "PH off", "Mo-Su off", "24/7; off; PH off"] {
        assert!(refused(nothing).starts_with("The hours of no day are given"), "{nothing}");
    }
}

#[test]
fn it_is_written_in_the_words_of_openstreetmap() {
    for canonical in [
        "Mo-Fr 09:00-11:30,13:30-17:00; Sa 09:00-12:00; PH off; 2026-12-31 off",
        "Mo-We,Fr 08:00-24:00; PH 10:00-12:00; MW as Tu",
        "Sa,Su 00:00-24:00; PH off; MW off",
        "24/7",
        "24/7; MW off; 2026-02-16 00:00-12:00; 2026-02-17 off",
        "PH off; 2026-03-01 09:00-12:00",
    ] {
        assert_eq!(parsed(canonical).to_text(), canonical);
    }
}

/// Texts of the words themselves get further than arbitrary ones.
fn word_salad() -> impl Strategy<Value = String> {
    let words = [
        "Mo",
        "-",
        "Fr",
        ",",
        ";",
        "周",
        "一",
        "星期",
        "五",
        "至",
        "09:00",
        "24:00",
        "2026-12-31",
        "PH",
        "MW",
        "as",
        "按",
        "off",
        "全天",
        "24/7",
        " ",
        "：",
        "每天",
        "9",
        ":",
        "调休上班日",
    ];
    collection::vec(sample::select(words.to_vec()), 0..24).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn what_is_written_reads_as_the_same(made in any_hours()) {
        prop_assert_eq!(parsed(&made.to_text()), made);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = OpeningHours::parse_text(&text);
    }

    #[test]
    fn no_salad_of_words_panics_and_what_is_read_can_be_written(text in word_salad()) {
        if let Ok(made) = OpeningHours::parse_text(&text) {
            prop_assert_eq!(parsed(&made.to_text()), made);
        }
    }
}
