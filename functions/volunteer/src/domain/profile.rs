//! What is known of a volunteer where a shift is chosen, and how well the two fit.

use chrono::NaiveDate;
use serde::Serialize;
use shared::{divisions::DivisionCode, resident_id::age_on, rules::RuleValue};
use utoipa::ToSchema;

use super::{Coded, FreeTime, Parts, Set, Shift, Skill, Training, search::Facts};

/// A volunteer, without anything that names them.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// When they were born.
    pub born: NaiveDate,
    /// Where they serve.
    pub division: DivisionCode,
    /// What they can.
    pub skills: Set<Skill>,
    /// What they were trained for.
    pub trainings: Set<Training>,
    /// When they are free.
    pub free: Set<FreeTime>,
}

/// 匹配理由 · One thing that was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// What was compared: `age`, `minors`, `required_skills`, `trainings`, `skills`, `free_hours` or `district`.
    #[schema(example = "required_skills")]
    pub rule: &'static str,
    /// Whether nobody is let in without it.
    pub required: bool,
    /// Whether it fits.
    pub passed: bool,
    /// What the volunteer has.
    pub value: RuleValue,
    /// What is asked for.
    pub limit: RuleValue,
}

/// 匹配 · How well an opportunity fits a volunteer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Match {
    /// Whether everything that is required holds; what one's health has to be is confirmed where one signs up.
    pub fits: bool,
    /// How many of the other things hold: skills of use, free hours, the own district; 0 to 3.
    pub score: u8,
    /// Everything that was compared, also what holds.
    pub reasons: Vec<Reason>,
}

/// The ages that a rule and an opportunity set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    /// Whoever is younger is a minor.
    pub guardian_below: u32,
}

impl Profile {
    /// The age in full years on a day.
    #[must_use]
    pub fn age(&self, on: NaiveDate) -> u32 {
        age_on(self.born, on)
    }

    /// What nobody is let in without, of a shift on this day.
    #[must_use]
    pub fn required(&self, facts: &Facts, on: NaiveDate, grown: Grown) -> Vec<Reason> {
        let age = self.age(on);
        let is_minor = age < grown.guardian_below;
        let (least, most) = (u32::from(facts.minimum_age), u32::from(facts.maximum_age));
        let has_greatest = facts.maximum_age < u8::MAX;
        let ages = [least, most].into_iter().take(if has_greatest { 2 } else { 1 }).map(i64::from).collect();
        let required = |rule, passed, value, limit| Reason { rule, required: true, passed, value, limit };
        let number = |number: u32| RuleValue::Number(i64::from(number));
        vec![
            required("age", (least..=most).contains(&age), number(age), RuleValue::Numbers(ages)),
            required(
                "minors",
                facts.for_minors || !is_minor,
                RuleValue::Flag(is_minor),
                RuleValue::Flag(facts.for_minors),
            ),
            required_set("required_skills", self.skills, Set::of_bits(facts.required_skills)),
            required_set("trainings", self.trainings, Set::of_bits(facts.trainings)),
        ]
    }

    /// How well the opportunity fits, of the shifts that are asked about; the age is that on the day of the first.
    #[must_use]
    pub fn compare(&self, facts: &Facts, shifts: &[Shift], parts: Parts, grown: Grown) -> Match {
        let day = shifts.first().map_or_else(|| self.born, Shift::day);
        let mut reasons = self.required(facts, day, grown);
        let fits = !shifts.is_empty() && reasons.iter().all(|reason| reason.passed);
        let of_use = Set::<Skill>::of_bits(facts.skills);
        let mine = of_use.and(self.skills);
        let free = shifts.iter().filter(|shift| parts.fit(self.free, shift.starts_at, shift.ends_at));
        let free: Vec<_> = free.map(|shift| shift.id.as_str().to_owned()).collect();
        let preferred = |rule, passed, value, limit| Reason { rule, required: false, passed, value, limit };
        let all: Vec<_> = shifts.iter().map(|shift| shift.id.as_str().to_owned()).collect();
        let district = |division: &DivisionCode| RuleValue::Text(division.district().to_string());
        let liked = [
            preferred(
                "skills",
                !mine.is_empty(),
                RuleValue::List(mine.words()),
                RuleValue::List(of_use.words()),
            ),
            preferred("free_hours", !free.is_empty(), RuleValue::List(free), RuleValue::List(all)),
            preferred(
                "district",
                self.division.district() == facts.division.district(),
                district(&self.division),
                district(&facts.division),
            ),
        ];
        let score = liked.iter().map(|reason| u8::from(reason.passed)).sum();
        reasons.extend(liked);
        Match { fits, score, reasons }
    }
}

fn required_set<T: Coded>(rule: &'static str, has: Set<T>, needs: Set<T>) -> Reason {
    Reason {
        rule,
        required: true,
        passed: needs.without(has).is_empty(),
        value: RuleValue::List(needs.and(has).words()),
        limit: RuleValue::List(needs.words()),
    }
}

#[cfg(test)]
mod tests {
    use shared::geo::Position;

    use super::*;
    use crate::domain::{Field, ShiftId};

    const GROWN: Grown = Grown { guardian_below: 18 };
    const PARTS: Parts = Parts([6, 12, 18, 24]);
    /// 2026-11-28T09:00+08:00, a Saturday.
    const NINE: i64 = 1_795_827_600;

    fn facts() -> Facts {
        Facts {
            location: Position { lat: 31.2, lon: 121.4 },
            division: DivisionCode::parse("310104003").unwrap(),
            field: Field::ElderCare,
            skills: Set::new(&[Skill::Driving]).bits(),
            required_skills: Set::new(&[Skill::Caregiving]).bits(),
            trainings: Set::new(&[Training::FirstAid]).bits(),
            minimum_age: 16,
            maximum_age: 70,
            for_minors: false,
        }
    }

    fn profile(born: &str, skills: &[Skill]) -> Profile {
        Profile {
            born: born.parse().unwrap(),
            division: DivisionCode::parse("310104").unwrap(),
            skills: Set::new(skills),
            trainings: Set::new(&[Training::FirstAid]),
            free: Set::new(&[FreeTime::WORDS[15].1]),
        }
    }

    fn shift(starts_at: i64, hours: i64) -> Shift {
        Shift {
            id: ShiftId::parse("H000000000001").unwrap(),
            starts_at,
            ends_at: starts_at + hours * 3600,
            capacity: 1,
            confirmed: 0,
            waitlisted: 0,
            waitlist_capacity: 0,
            is_cancelled: false,
        }
    }

    fn failed(found: &Match) -> Vec<&'static str> {
        found.reasons.iter().filter(|reason| !reason.passed).map(|reason| reason.rule).collect()
    }

    #[test]
    fn whoever_has_it_all_fits_and_scores_for_each_thing_that_is_of_use() {
        let everything = profile("1990-01-01", &[Skill::Caregiving, Skill::Driving]);
        let found = everything.compare(&facts(), &[shift(NINE, 3)], PARTS, GROWN);
        assert_eq!((found.fits, found.score, failed(&found)), (true, 3, vec![]));
        let found = everything.compare(&facts(), &[shift(NINE, 6)], PARTS, GROWN);
        assert_eq!((found.fits, found.score, failed(&found)), (true, 2, vec!["free_hours"]));
        let found = everything.compare(&facts(), &[], PARTS, GROWN);
        assert!(!found.fits, "nothing fits where there is no shift");
    }

    #[test]
    fn ages_count_on_the_day_of_the_shift() {
        let shifts = [shift(NINE, 3)];
        let found = profile("2008-11-28", &[Skill::Caregiving]).compare(&facts(), &shifts, PARTS, GROWN);
        assert!(found.fits, "18 on that very day");
        let found = profile("2008-11-29", &[Skill::Caregiving]).compare(&facts(), &shifts, PARTS, GROWN);
        assert_eq!((found.fits, failed(&found)), (false, vec!["minors", "skills"]));
        let found = profile("2010-11-29", &[]).compare(&facts(), &shifts, PARTS, GROWN);
        assert_eq!(failed(&found), ["age", "minors", "required_skills", "skills"]);
        let found = profile("1955-11-28", &[Skill::Caregiving]).compare(&facts(), &shifts, PARTS, GROWN);
        assert_eq!(failed(&found), ["age", "skills"], "71 on that day");
    }
}
