//! The way of a gift: pledged → received → sorted → dispatched → delivered, or cancelled before it was brought.
//!
//! # Design
//! One function decides a step from what is known of the gift; the statement that writes it refuses where another step
//! came in between, and then it is decided again. Quantities may split over destinations: at every moment and for every
//! item delivered ≤ dispatched ≤ sorted ≤ received.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::input::word_of;
use utoipa::ToSchema;

use super::Item;

/// 状态 · How far a gift has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PledgeStatus {
    /// 已登记 · Pledged, not brought yet.
    Pledged,
    /// 已接收 · Received at the point.
    Received,
    /// 已分拣 · Sorted: what can be used is known.
    Sorted,
    /// 已发运 · On its way, all or in part.
    Dispatched,
    /// 已送达 · All that could be used has arrived.
    Delivered,
    /// 已取消 · Cancelled before it was brought.
    Cancelled,
}

impl PledgeStatus {
    /// Every status with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("pledged", Self::Pledged),
        ("received", Self::Received),
        ("sorted", Self::Sorted),
        ("dispatched", Self::Dispatched),
        ("delivered", Self::Delivered),
        ("cancelled", Self::Cancelled),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// How much of which item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// 物品 · The item.
    pub item: Item,
    /// 数量 · Pieces; of cash, fen.
    #[schema(minimum = 0)]
    pub quantity: i64,
}

/// How far the quantities of one item have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Announced.
    pub pledged: i64,
    /// Brought.
    pub received: i64,
    /// Found to be of use.
    pub sorted: i64,
    /// Sent, to whatever destination.
    pub dispatched: i64,
    /// Arrived.
    pub delivered: i64,
}

/// A consignment to one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Its id.
    pub id: String,
    /// What it carries.
    pub lines: Vec<Line>,
    /// Whether its arrival was noted.
    pub arrived: bool,
}

/// What is known of a gift when a step is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gift {
    /// How far it has come.
    pub status: PledgeStatus,
    /// By item.
    pub amounts: BTreeMap<Item, Amounts>,
    /// Its consignments, in order.
    pub dispatches: Vec<Dispatch>,
}

/// What is to happen to a gift. Without lines: all that is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The giver, or staff for them, takes it back.
    Cancel,
    /// It is brought; as pledged, or what was counted.
    Receive(Option<Vec<Line>>),
    /// What can be used of it is found out.
    Sort(Option<Vec<Line>>),
    /// Some of it is sent somewhere.
    Dispatch(Option<Vec<Line>>),
    /// A consignment arrived; the only one on its way where none is named.
    Deliver(Option<String>, Option<Vec<Line>>),
}

/// A step that may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The word of the step.
    pub kind: PledgeStatus,
    /// The status that it leaves behind.
    pub status: PledgeStatus,
    /// How much of what.
    pub lines: Vec<Line>,
    /// Of a delivery: the consignment.
    pub dispatch: Option<String>,
}

/// Why a step may not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepRefusal {
    /// The gift isn't where the step begins.
    WrongStatus,
    /// More than is left of the item.
    TooMuch {
        /// Which.
        item: Item,
        /// How much is left.
        left: i64,
    },
    /// A step that would move nothing.
    Nothing,
    /// Several consignments are on their way, or the one named isn't.
    WhichDispatch,
}

impl Gift {
    /// Decides a step.
    ///
    /// # Errors
    /// Why it may not be taken.
    pub fn decide(&self, step: Step) -> Result<Decision, StepRefusal> {
        use PledgeStatus::{Cancelled, Delivered, Dispatched, Pledged, Received, Sorted};
        let done = |kind, lines| Decision { kind, status: kind, lines, dispatch: None };
        match (self.status, step) {
            (Pledged, Step::Cancel) => Ok(done(Cancelled, Vec::new())),
            (Pledged, Step::Receive(lines)) => {
                let lines = lines.unwrap_or_else(|| self.rest(|amounts| amounts.pledged));
                moved(&lines)?;
                Ok(done(Received, lines))
            }
            (Received, Step::Sort(lines)) => {
                let lines = lines.unwrap_or_else(|| self.rest(|amounts| amounts.received));
                self.within(&lines, |amounts| amounts.received)?;
                // Sorting may find that nothing is of use.
                Ok(done(Sorted, lines))
            }
            (Sorted | Dispatched, Step::Dispatch(lines)) => {
                let left = |amounts: &Amounts| amounts.sorted - amounts.dispatched;
                let lines = lines.unwrap_or_else(|| self.rest(left));
                self.within(&lines, left)?;
                moved(&lines)?;
                Ok(done(Dispatched, lines))
            }
            (Dispatched, Step::Deliver(id, lines)) => {
                let dispatch = self.on_its_way(id.as_ref())?;
                let lines = lines.unwrap_or_else(|| dispatch.lines.clone());
                let carried = |item| {
                    dispatch.lines.iter().find(|line| line.item == item).map_or(0, |line| line.quantity)
                };
                for line in &lines {
                    let left = carried(line.item);
                    if line.quantity > left {
                        return Err(StepRefusal::TooMuch { item: line.item, left });
                    }
                }
                let last = self.dispatches.iter().all(|other| other.arrived || other.id == dispatch.id)
                    && self.amounts.values().all(|amounts| amounts.sorted == amounts.dispatched);
                Ok(Decision {
                    kind: Delivered,
                    status: if last { Delivered } else { Dispatched },
                    lines,
                    dispatch: Some(dispatch.id.clone()),
                })
            }
            _ => Err(StepRefusal::WrongStatus),
        }
    }

    fn on_its_way(&self, id: Option<&String>) -> Result<&Dispatch, StepRefusal> {
        let mut waiting = self
            .dispatches
            .iter()
            .filter(|dispatch| !dispatch.arrived && id.is_none_or(|id| *id == dispatch.id));
        match (waiting.next(), waiting.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(StepRefusal::WhichDispatch),
        }
    }

    /// All that is left of every item.
    fn rest(&self, left: impl Fn(&Amounts) -> i64) -> Vec<Line> {
        let lines = self.amounts.iter().map(|(item, amounts)| Line { item: *item, quantity: left(amounts) });
        lines.filter(|line| line.quantity > 0).collect()
    }

    fn within(&self, lines: &[Line], left: impl Fn(&Amounts) -> i64) -> Result<(), StepRefusal> {
        for line in lines {
            let left = self.amounts.get(&line.item).map_or(0, &left);
            if line.quantity > left {
                return Err(StepRefusal::TooMuch { item: line.item, left });
            }
        }
        Ok(())
    }
}

fn moved(lines: &[Line]) -> Result<(), StepRefusal> {
    if lines.iter().any(|line| line.quantity > 0) { Ok(()) } else { Err(StepRefusal::Nothing) }
}

#[cfg(test)]
mod tests;
