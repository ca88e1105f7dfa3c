use chrono::NaiveDate;
use shared::{
    divisions::DivisionCode,
    rules::{Applied, RuleSet, RuleValue, RulesError},
};

use super::{Ages, CareLevel};

/// The dated parameters of this function, parsed once per instance.
#[derive(Debug)]
pub struct Rules(RuleSet);

impl Rules {
    /// The parameters that were built in.
    ///
    /// # Errors
    /// The file is faulty; a test keeps that from being built.
    pub fn embedded() -> Result<Self, RulesError> {
        RuleSet::parse("beds.toml", include_str!("../../rules/beds.toml")).map(Self)
    }

    /// A number as of a day.
    ///
    /// # Errors
    /// It has no value on that day, or isn't a number.
    pub fn number(&self, name: &str, on: NaiveDate) -> Result<u32, RulesError> {
        self.0.get(name, on)?.as_u32()
    }

    /// A parameter as of a day.
    ///
    /// # Errors
    /// It has no value on that day.
    pub fn get(&self, name: &str, on: NaiveDate) -> Result<Applied<'_>, RulesError> {
        self.0.get(name, on)
    }

    /// Up to which age counts are fresh and ageing.
    ///
    /// # Errors
    /// As [`Self::number`].
    pub fn ages(&self, on: NaiveDate) -> Result<Ages, RulesError> {
        let seconds = |name| self.number(name, on).map(|days| i64::from(days) * 86_400);
        Ok(Ages { fresh_s: seconds("counts_fresh_days")?, ageing_s: seconds("counts_ageing_days")? })
    }

    /// The place of a care level in the queue: the lower, the earlier. Levels that staff have not seen the assessment of come
    /// later.
    ///
    /// # Errors
    /// A rule has no value on that day.
    pub fn precedence(&self, level: CareLevel, is_assessed: bool, on: NaiveDate) -> Result<i64, RulesError> {
        let setback = if is_assessed { 0 } else { self.number("queue_unassessed_setback", on)? };
        Ok(by_level(&self.0.get("queue_precedence", on)?, level) + i64::from(setback))
    }

    /// Every parameter in force on a day.
    pub fn in_force(&self, on: NaiveDate) -> impl Iterator<Item = Applied<'_>> {
        self.0.in_force(on)
    }
}

/// What a parameter with a value for each care level says of one.
pub(super) fn by_level(applied: &Applied<'_>, level: CareLevel) -> i64 {
    match applied.value {
        RuleValue::Numbers(numbers) => numbers.get(level.index()).copied().unwrap_or_default(),
        _ => 0,
    }
}

/// Whether a parameter that lists districts lists the one of a division.
pub(super) fn lists(applied: &Applied<'_>, division: &DivisionCode) -> bool {
    let district = division.district();
    matches!(applied.value, RuleValue::List(codes) if codes.iter().any(|code| code == district.as_str()))
}

#[cfg(test)]
mod tests {
    use shared::divisions;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()
    }

    #[test]
    fn the_embedded_file_is_sound_and_has_every_parameter_today() {
        let rules = Rules::embedded().unwrap();
        for name in [
            "counts_fresh_days",
            "counts_ageing_days",
            "offer_hours",
            "preferences_most",
            "applicant_minimum_age",
            "subscription_days",
            "statistics_suppressed_below",
            "elders_permille",
            "probes_per_caller",
            "probe_window_minutes",
            "subscriptions_per_phone",
            "subscriptions_per_caller",
        ] {
            assert!(rules.number(name, today()).is_ok(), "{name}");
        }
        let ages = rules.ages(today()).unwrap();
        assert!(ages.fresh_s <= ages.ageing_s);
        // The trigger `room_opens` looks at rooms that were confirmed a day ago or more.
        assert!(ages.ageing_s >= 86_400);
    }

    #[test]
    fn lists_by_care_level_have_one_entry_each_and_lists_of_districts_real_ones() {
        let rules = Rules::embedded().unwrap();
        for name in ["queue_precedence", "subsidy_monthly_by_care_level"] {
            for applied in rules.0.timeline(name) {
                let RuleValue::Numbers(numbers) = applied.value else { panic!("{name}") };
                assert_eq!(numbers.len(), CareLevel::ALL.len(), "{name}");
            }
        }
        for name in ["subsidy_household_districts", "subsidy_institution_districts"] {
            for applied in rules.0.timeline(name) {
                let RuleValue::List(codes) = applied.value else { panic!("{name}") };
                for code in codes {
                    let code = DivisionCode::parse(code).unwrap();
                    assert!(divisions::exists(&code) && code == code.district(), "{code}");
                }
            }
        }
    }

    #[test]
    fn whoever_needs_more_care_comes_first() {
        let rules = Rules::embedded().unwrap();
        let places: Vec<_> =
            CareLevel::ALL.iter().map(|level| rules.precedence(*level, true, today()).unwrap()).collect();
        assert!(places.is_sorted_by(|less, more| less > more), "{places:?}");
        let doubtful = rules.precedence(CareLevel::ALL[6], false, today()).unwrap();
        assert!(doubtful > places[0], "whose level nobody has seen comes behind all others");
        let setback = rules.number("queue_passed_offer_setback", today()).unwrap();
        assert!(i64::from(setback) > doubtful + places[0], "and whoever passed up an offer behind those");
    }
}
