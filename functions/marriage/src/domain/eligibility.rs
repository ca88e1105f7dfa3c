use chrono::{Days, NaiveDate};
use shared::{
    calendar::WorkingCalendar,
    divisions::DivisionCode,
    i18n::Text,
    input::Rejection,
    problem::Fault,
    resident_id::{Sex, age_on},
    rules::RulesError,
};

use super::{Identity, Party, Rules, Service};

/// What keeps these people from this service on this day at an office of this district; empty where nothing does.
///
/// The day that counts is the day of the appointment: on it the registrar decides.
///
/// # Errors
/// A parameter has no value on that day.
pub fn check_parties(
    rules: &Rules,
    (service, day, office): (Service, NaiveDate, &DivisionCode),
    parties: &[Party],
) -> Result<Vec<Fault>, RulesError> {
    let mut faults = Vec::new();
    if let [first, second] = parties {
        if first.identity == second.identity {
            faults.push(fault(
                "/parties/1/id_number",
                "same_person",
                Text::new("双方不能是同一个人。", "The two parties are the same person."),
            ));
        } else if service == Service::Marriage {
            faults.extend(not_man_and_woman(first, second));
        }
    }
    if service == Service::Marriage {
        for (index, party) in parties.iter().enumerate() {
            faults.extend(too_young(rules, day, index, party)?);
        }
        faults.extend(wrong_place(rules, day, office, parties)?);
    }
    Ok(faults)
}

fn fault(pointer: impl Into<String>, code: &'static str, message: Text) -> Fault {
    Fault { pointer: pointer.into(), code, message }
}

/// Civil Code art. 1046: marriage is entered into by a man and a woman.
fn not_man_and_woman(first: &Party, second: &Party) -> Option<Fault> {
    (first.sex == second.sex).then(|| {
        fault(
            "/parties",
            "parties_not_eligible",
            Text::new(
                "结婚登记应由男女双方共同办理(《民法典》第一千零四十六条)。",
                "Marriage is registered by a man and a woman (Civil Code, art. 1046).",
            ),
        )
    })
}

fn too_young(
    rules: &Rules,
    day: NaiveDate,
    index: usize,
    party: &Party,
) -> Result<Option<Fault>, RulesError> {
    let (name, zh, en) = match party.sex {
        Sex::Male => ("minimum_age_male", "男方", "the man"),
        Sex::Female => ("minimum_age_female", "女方", "the woman"),
    };
    let applied = rules.get(name, day)?;
    let least = applied.as_u32()?;
    if age_on(party.birth_date, day) >= least {
        return Ok(None);
    }
    let pointer = match party.identity {
        Identity::Resident(_) => format!("/parties/{index}/id_number"),
        Identity::Document { .. } => format!("/parties/{index}/birth_date"),
    };
    Ok(Some(fault(
        pointer,
        "age_below_minimum",
        Text::of(
            format!("预约当日{zh}应年满 {least} 周岁({})。", applied.source_zh),
            format!("On the day of the appointment {en} has to be {least} ({}).", applied.source),
        ),
    )))
}

/// Where one may register. What is known of somebody's household registration is the region in the identity number.
fn wrong_place(
    rules: &Rules,
    day: NaiveDate,
    office: &DivisionCode,
    parties: &[Party],
) -> Result<Option<Fault>, RulesError> {
    let applied = rules.get("place_of_registration", day)?;
    let digits = match applied.as_str()? {
        "district" => 6,
        "city" => 2,
        _ => return Ok(None),
    };
    let place = office.as_str().get(..digits);
    let one_belongs = parties.iter().any(|party| match &party.identity {
        Identity::Resident(id) => id.region().get(..digits) == place,
        Identity::Document { .. } => false,
    });
    Ok((!one_belongs).then(|| {
        fault(
            "/parties",
            "parties_not_eligible",
            Text::of(
                format!("该日应在一方户籍所在地办理({})。", applied.source_zh),
                format!("On that day one registers where one party's household is ({}).", applied.source),
            ),
        )
    }))
}

/// The days, first and last, on which the divorce certificate is issued after an application received on a day.
///
/// Civil Code art. 1077: the cooling-off runs from the day after the application; within the period after it both
/// apply for the certificate, else the application counts as withdrawn. Art. 203: a period whose last day is a day off
/// ends with the next working day.
///
/// # Errors
/// No rule is in force on the day of the application.
pub fn certificate_window(
    rules: &Rules,
    calendar: &WorkingCalendar,
    applied_on: NaiveDate,
) -> Result<(NaiveDate, NaiveDate), RulesError> {
    let cooling_off = rules.number("divorce_cooling_off_days", applied_on)?;
    let period = rules.number("divorce_certificate_days", applied_on)?;
    let extends = rules.get("divorce_certificate_ends_on_working_day", applied_on)?.as_bool()?;
    let end_of = |start: NaiveDate, days: u32| {
        let end = start.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX);
        let next_working = end.iter_days().take(31).find(|day| calendar.kind(*day).is_working());
        if extends { next_working.unwrap_or(end) } else { end }
    };
    let cooled_off = applied_on.checked_add_days(Days::new(u64::from(cooling_off))).unwrap_or(NaiveDate::MAX);
    Ok((cooled_off.succ_opt().unwrap_or(NaiveDate::MAX), end_of(cooled_off, period)))
}

/// A party may not have said what the identity number says already: where it did, both have to agree.
pub(crate) fn contradiction(field_zh: &'static str, field_en: &'static str) -> Rejection {
    Rejection {
        code: "contradicts_id_number",
        message: Text::of(
            format!("{field_zh}与身份证号码不一致。"),
            format!("The {field_en} contradicts the identity number."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::resident_id::ResidentId;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn party(region: &str, birth: NaiveDate, sequence: u16) -> Party {
        let id = ResidentId::compose(region, birth, sequence).unwrap();
        Party {
            name: "样例".to_owned(),
            sex: id.sex(),
            birth_date: birth,
            identity: Identity::Resident(id),
            phone: "13800000000".to_owned(),
        }
    }

    fn codes(service: Service, on: &str, office: &str, parties: &[Party]) -> Vec<&'static str> {
        let rules = Rules::embedded().unwrap();
        let office = DivisionCode::parse(office).unwrap();
        let faults = check_parties(&rules, (service, day(on), &office), parties).unwrap();
        faults.into_iter().map(|fault| fault.code).collect()
    }

    const MAN: u16 = 1;
    const WOMAN: u16 = 2;

    #[test]
    fn ages_count_on_the_day_of_the_appointment() {
        let couple = [party("310101", day("2004-12-02"), MAN), party("310101", day("2006-12-02"), WOMAN)];
        assert_eq!(
            codes(Service::Marriage, "2026-12-01", "310101", &couple),
            ["age_below_minimum", "age_below_minimum"]
        );
        assert!(codes(Service::Marriage, "2026-12-02", "310101", &couple).is_empty());
    }

    #[test]
    fn two_men_and_one_person_twice_are_refused() {
        let (a, b) = (party("310101", day("1990-01-01"), MAN), party("310101", day("1991-01-01"), MAN));
        assert_eq!(
            codes(Service::Marriage, "2026-12-01", "310101", &[a.clone(), b]),
            ["parties_not_eligible"]
        );
        assert_eq!(
            codes(Service::Marriage, "2026-12-01", "310101", &[a.clone(), a.clone()]),
            ["same_person"]
        );
        assert_eq!(
            codes(Service::DivorceApplication, "2026-12-01", "310101", &[a.clone(), a]),
            ["same_person"]
        );
    }

    #[test]
    fn the_place_of_registration_widens_with_the_law() {
        let from_elsewhere =
            [party("320102", day("1990-01-01"), MAN), party("330102", day("1990-01-01"), WOMAN)];
        let one_from_xuhui =
            [party("310104", day("1990-01-01"), MAN), party("330102", day("1990-01-01"), WOMAN)];
        let at = |on, parties: &[Party]| codes(Service::Marriage, on, "310101", parties);
        assert_eq!(at("2022-11-30", &one_from_xuhui), ["parties_not_eligible"]);
        assert!(at("2022-12-01", &one_from_xuhui).is_empty());
        assert_eq!(at("2025-05-09", &from_elsewhere), ["parties_not_eligible"]);
        assert!(at("2025-05-10", &from_elsewhere).is_empty());
    }

    #[test]
    fn the_certificate_follows_thirty_days_of_cooling_off_and_waits_thirty_more() {
        let rules = Rules::embedded().unwrap();
        let window = certificate_window(&rules, WorkingCalendar::embedded(), day("2026-03-02")).unwrap();
        assert_eq!(window, (day("2026-04-02"), day("2026-05-06")));
        // 2026-05-01 is Labour Day, and the days off last until 05-05.
    }

    proptest! {
        #[test]
        fn the_window_is_never_shorter_than_the_law_says(offset in 0_u64..2000) {
            let rules = Rules::embedded().unwrap();
            let applied = day("2021-01-01") + Days::new(offset);
            let (first, last) = certificate_window(&rules, WorkingCalendar::embedded(), applied).unwrap();
            prop_assert_eq!((first - applied).num_days(), 31);
            prop_assert!((60..=75).contains(&(last - applied).num_days()));
            prop_assert!(WorkingCalendar::embedded().kind(last).is_working());
        }

        #[test]
        fn nobody_becomes_too_young_by_waiting(birth in 0_u64..9000, wait in 0_u64..400) {
            let birth = day("1990-01-01") + Days::new(birth);
            let on = day("2026-12-01");
            let couple = [party("310101", birth, MAN), party("310101", day("1990-01-01"), WOMAN)];
            let before = codes(Service::Marriage, &on.to_string(), "310101", &couple).is_empty();
            let after = codes(Service::Marriage, &(on + Days::new(wait)).to_string(), "310101", &couple).is_empty();
            prop_assert!(after || !before);
        }
    }
}
