//! The subsidy for elders of the central districts who move to a suburban home.

use chrono::NaiveDate;
use serde::Serialize;
use shared::{
    divisions::DivisionCode,
    rules::{Applied, Citation, RuleValue, RulesError},
};
use utoipa::ToSchema;

use super::{
    CareLevel, Rules,
    rules::{by_level, lists},
};

/// Who asks: what the subsidy hangs on beside the home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Household {
    /// The assessed care level.
    pub care_level: CareLevel,
    /// 户籍 · Where the elder's household is registered.
    pub division: DivisionCode,
}

/// 补贴 · What the subsidy comes to in one home, and why.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Subsidy {
    /// Whether there is one.
    pub applies: bool,
    /// Fen a month; 0 where it doesn't apply.
    pub monthly_fen: i64,
    /// Every condition, also those that hold.
    pub reasons: Vec<Reason>,
}

/// 理由 · One condition of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    /// The condition.
    pub rule: &'static str,
    /// Whether it holds.
    pub passed: bool,
    /// The parameter that it looks at.
    pub parameter: String,
    /// What was found.
    pub value: RuleValue,
    /// What the parameter says.
    pub limit: RuleValue,
    /// Where that stands, and whether it was verified.
    pub citation: Citation,
}

/// What the rule says that is the same for every home: worked out once for a page.
#[derive(Debug)]
pub struct SubsidyRule<'a> {
    households: Applied<'a>,
    institutions: Applied<'a>,
    amounts: Applied<'a>,
    household: Household,
}

impl<'a> SubsidyRule<'a> {
    /// The rule in force on a day, for one household.
    ///
    /// # Errors
    /// A parameter has no value on that day.
    pub fn new(rules: &'a Rules, household: Household, on: NaiveDate) -> Result<Self, RulesError> {
        Ok(Self {
            households: rules.get("subsidy_household_districts", on)?,
            institutions: rules.get("subsidy_institution_districts", on)?,
            amounts: rules.get("subsidy_monthly_by_care_level", on)?,
            household,
        })
    }

    /// What it comes to in a home of this division.
    #[must_use]
    pub fn of(&self, institution: &DivisionCode) -> Subsidy {
        let amount = by_level(&self.amounts, self.household.care_level);
        let district = |division: &DivisionCode| RuleValue::Text(division.district().to_string());
        let reasons = vec![
            reason(
                "household_in_a_central_district",
                lists(&self.households, &self.household.division),
                &self.households,
                district(&self.household.division),
            ),
            reason(
                "institution_in_a_suburban_district",
                lists(&self.institutions, institution),
                &self.institutions,
                district(institution),
            ),
            reason(
                "care_level_has_an_amount",
                amount > 0,
                &self.amounts,
                RuleValue::Number(self.household.care_level.number()),
            ),
        ];
        let applies = reasons.iter().all(|reason| reason.passed);
        Subsidy { applies, monthly_fen: if applies { amount } else { 0 }, reasons }
    }
}

fn reason(rule: &'static str, passed: bool, applied: &Applied<'_>, value: RuleValue) -> Reason {
    Reason {
        rule,
        passed,
        parameter: applied.name.to_owned(),
        value,
        limit: applied.value.clone(),
        citation: applied.cite(),
    }
}

/// 补贴后月费 · What is left to pay; never below nothing.
#[must_use]
pub fn net_monthly_fen(monthly_fen: i64, subsidy: &Subsidy) -> i64 {
    (monthly_fen - subsidy.monthly_fen).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subsidy(level: i64, household: &str, institution: &str) -> Subsidy {
        let rules = Rules::embedded().unwrap();
        let household = Household {
            care_level: CareLevel::new(level).unwrap(),
            division: DivisionCode::parse(household).unwrap(),
        };
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let rule = SubsidyRule::new(&rules, household, day).unwrap();
        rule.of(&DivisionCode::parse(institution).unwrap())
    }

    fn passed(subsidy: &Subsidy) -> Vec<bool> {
        subsidy.reasons.iter().map(|reason| reason.passed).collect()
    }

    #[test]
    fn it_needs_a_central_household_a_suburban_home_and_a_care_level_with_an_amount() {
        let yes = subsidy(4, "310104003", "310151202");
        assert!(yes.applies && yes.monthly_fen > 0);
        assert_eq!(net_monthly_fen(yes.monthly_fen + 5, &yes), 5);
        assert_eq!(net_monthly_fen(1, &yes), 0, "never below nothing");
        for (no, why) in [
            (subsidy(4, "310151", "310151202"), [false, true, true]),
            (subsidy(4, "310104", "310101"), [true, false, true]),
            (subsidy(0, "310104", "310151"), [true, true, false]),
        ] {
            assert_eq!((no.applies, no.monthly_fen, passed(&no)), (false, 0, why.to_vec()));
        }
    }

    #[test]
    fn every_reason_says_that_its_figure_is_not_verified() {
        for reason in subsidy(4, "310104", "310151").reasons {
            assert!(!reason.citation.verified && !reason.citation.source_zh.is_empty(), "{reason:?}");
            assert_eq!(reason.citation.name, reason.parameter);
        }
    }
}
