//! Which opportunities a search finds, and in which order.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    geo::Position,
    map::{self, By, Hits, Item, Pack, Rank, Walk},
};

use super::{Detail, Field, Grown, Parts, Profile, Set, Shift, Skill};

/// What a search looks at in an opportunity, beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Where it is.
    pub location: Position,
    /// Its division.
    pub division: DivisionCode,
    /// What it is for.
    pub field: Field,
    /// Skills that are of use or needed, as bits.
    pub skills: u32,
    /// Those that are needed.
    pub required_skills: u32,
    /// Trainings that are needed.
    pub trainings: u32,
    /// The least age.
    pub minimum_age: u8,
    /// The greatest.
    pub maximum_age: u8,
    /// Whether minors may take part.
    pub for_minors: bool,
}

impl map::Facts for Facts {
    type Part = Shift;

    const NAME: &'static str = "opportunities";
    // Raise it also where `wire::Head` writes other JSON, or a code list changes its order.
    const FORMAT: u32 = 1;

    fn location(&self) -> Position {
        self.location
    }

    fn division(&self) -> &DivisionCode {
        &self.division
    }
}

impl Facts {
    /// What an opportunity comes to; `youngest` is the least age of all volunteers.
    #[must_use]
    pub fn of((division, location): (DivisionCode, Position), detail: &Detail, youngest: u32) -> Self {
        let needs = &detail.requirements;
        let age = |age: u32| u8::try_from(age).unwrap_or(u8::MAX);
        Self {
            location,
            division,
            field: detail.field,
            skills: Set::new(&detail.all_skills()).bits(),
            required_skills: Set::new(&needs.skills).bits(),
            trainings: Set::new(&needs.trainings).bits(),
            minimum_age: age(needs.minimum_age.unwrap_or_default().max(youngest)),
            maximum_age: needs.maximum_age.map_or(u8::MAX, age),
            for_minors: detail.for_minors,
        }
    }
}

/// The opportunities of a group of cells.
pub type Block = Pack<Facts>;
/// An opportunity on its way into one.
pub type NewEntry = map::NewItem<Facts>;
/// An opportunity that was found.
pub type Hit = map::Hit<Facts>;

/// In which order opportunities are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The nearest first.
    Distance,
    /// Whose next shift comes first.
    Date,
    /// What fits best first, and among equals whose next shift comes first.
    Match,
}

impl Sort {
    /// Every order with its word.
    pub const WORDS: &[(&str, Self)] =
        &[("distance", Self::Distance), ("date", Self::Date), ("match", Self::Match)];

    /// Its letter in a cursor.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Distance => 'd',
            Self::Date => 't',
            Self::Match => 'f',
        }
    }
}

/// What is searched for; every part that is there has to hold.
#[derive(Clone, Debug)]
pub struct Search {
    /// Where, how many, and behind which.
    pub walk: Walk,
    /// In which order.
    pub sort: Sort,
    /// For this.
    pub field: Option<Field>,
    /// Where this skill is of use.
    pub skill: Option<Skill>,
    /// Suited to minors, or not.
    pub for_minors: Option<bool>,
    /// With a place in a shift.
    pub available: bool,
    /// With a shift that begins from this instant on, in Unix seconds.
    pub from: i64,
    /// And before this one.
    pub to: i64,
    /// With this in its title, organisation, description or address, as [`narrow`](shared::width::narrow) makes it.
    pub text: Option<String>,
}

/// Who looks, where it is somebody, and what the dated rules say of them.
#[derive(Clone, Copy, Debug)]
pub struct Eye<'a> {
    /// The volunteer.
    pub profile: &'a Profile,
    /// When morning, afternoon and evening are.
    pub parts: Parts,
    /// Who is a minor.
    pub grown: Grown,
}

/// More than any instant in seconds, so that a better match comes before every earlier date.
const BEYOND_ANY_DATE: i64 = 1 << 40;

impl Search {
    /// The order of the walk.
    #[must_use]
    pub fn by(sort: Sort) -> By {
        if sort == Sort::Distance { By::Distance } else { By::Key }
    }

    /// The shifts that are asked about: not begun, not cancelled, within the time, in order.
    pub fn shifts<'a>(&self, shifts: &'a [Shift], now: i64) -> impl Iterator<Item = &'a Shift> {
        let (from, to, available) = (self.from.max(now + 1), self.to, self.available);
        shifts.iter().filter(move |shift| {
            (from..to).contains(&shift.starts_at)
                && !shift.is_cancelled
                && (!available || shift.remaining() > 0)
        })
    }

    /// Adds what a block has to the hits.
    pub fn judge(&self, block: &Arc<Block>, (now, eye): (i64, Option<Eye<'_>>), hits: &mut Hits<Hit>) {
        let skill = self.skill.map(|skill| Set::new(&[skill]).bits());
        let fits = |item: &Item<'_, Facts>| {
            let facts = item.facts();
            self.field.is_none_or(|field| field == facts.field)
                && skill.is_none_or(|bits| facts.skills & bits != 0)
                && self.for_minors.is_none_or(|wanted| wanted == facts.for_minors)
                && self.shifts(item.parts(), now).next().is_some()
                && self.text.as_ref().is_none_or(|text| item.words().contains(text.as_str()))
        };
        let key = |item: &Item<'_, Facts>| {
            let next = self.shifts(item.parts(), now).map(|shift| shift.starts_at).min();
            let next = next.unwrap_or(i64::MAX);
            match eye {
                Some(eye) if self.sort == Sort::Match => {
                    let shifts: Vec<Shift> = self.shifts(item.parts(), now).copied().collect();
                    let found = eye.profile.compare(item.facts(), &shifts, eye.parts, eye.grown);
                    let rank = if found.fits { i64::from(found.score) + 1 } else { 0 };
                    next - rank * BEYOND_ANY_DATE
                }
                _ => next,
            }
        };
        self.walk.judge(block, fits, key, hits);
    }

    /// The cursor of the page behind a rank.
    #[must_use]
    pub fn cursor(&self, rank: &Rank) -> String {
        rank.cursor(self.sort.letter())
    }
}

#[cfg(test)]
mod tests;
