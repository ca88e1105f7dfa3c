use serde::{Deserialize, Serialize};
use shared::{
    i18n::Text,
    input::{Rejection, word_of},
};
use utoipa::ToSchema;

/// The longest a state of an item may be set for, in days.
const LONGEST_STATE_DAYS: i64 = 366;

/// 物品 · A kind of gift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Item {
    Clothing,
    Bedding,
    Books,
    Stationery,
    Toys,
    Electronics,
    Furniture,
    MedicalSupplies,
    Food,
    Cash,
}

impl Item {
    /// Every item with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("clothing", Self::Clothing),
        ("bedding", Self::Bedding),
        ("books", Self::Books),
        ("stationery", Self::Stationery),
        ("toys", Self::Toys),
        ("electronics", Self::Electronics),
        ("furniture", Self::Furniture),
        ("medical_supplies", Self::MedicalSupplies),
        ("food", Self::Food),
        ("cash", Self::Cash),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Clothing => "衣物",
            Self::Bedding => "被褥",
            Self::Books => "图书",
            Self::Stationery => "文具",
            Self::Toys => "玩具",
            Self::Electronics => "电器",
            Self::Furniture => "家具",
            Self::MedicalSupplies => "医疗用品",
            Self::Food => "食品",
            Self::Cash => "现金",
        }
    }

    /// What its quantities count.
    #[must_use]
    pub fn unit(self) -> ItemUnit {
        if self == Self::Cash { ItemUnit::Fen } else { ItemUnit::Piece }
    }

    /// The largest quantity of one line: a million pieces, or ten million yuan.
    #[must_use]
    pub fn most(self) -> i64 {
        match self.unit() {
            ItemUnit::Piece => 1_000_000,
            ItemUnit::Fen => 1_000_000_000,
        }
    }
}

/// 计量单位 · What a quantity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemUnit {
    /// 件 · Pieces.
    Piece,
    /// 分 · Hundredths of a yuan.
    Fen,
}

/// 接收状态 · Whether a point takes an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// 接收 · It does.
    Accepting,
    /// 急需 · It does, and needs it.
    Urgent,
    /// 已满 · It has no room for more.
    Full,
    /// 暂停 · It doesn't for now.
    NotAccepted,
}

impl ItemState {
    /// Every state with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("accepting", Self::Accepting),
        ("urgent", Self::Urgent),
        ("full", Self::Full),
        ("not_accepted", Self::NotAccepted),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Accepting => "接收",
            Self::Urgent => "急需",
            Self::Full => "已满",
            Self::NotAccepted => "暂停",
        }
    }

    /// Whether gifts are taken in this state.
    #[must_use]
    pub fn takes_gifts(self) -> bool {
        matches!(self, Self::Accepting | Self::Urgent)
    }
}

/// What a point says of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemStatus {
    /// The item.
    pub item: Item,
    /// Its state.
    pub state: ItemState,
    /// Until when, in Unix seconds: from then on the item is accepted again.
    pub until: Option<i64>,
}

impl ItemStatus {
    /// The status at an instant: a state that has run out falls back to accepting.
    #[must_use]
    pub fn at(self, now: i64) -> Self {
        if self.until.is_some_and(|until| until <= now) {
            Self { state: ItemState::Accepting, until: None, ..self }
        } else {
            self
        }
    }
}

/// Whether a state may be set that holds until `until`; both are Unix seconds.
///
/// # Errors
/// `out_of_range` where it is more than 366 days ahead.
pub fn check_length(until: i64, now: i64) -> Result<(), Rejection> {
    if until <= now.saturating_add(LONGEST_STATE_DAYS * 86_400) {
        return Ok(());
    }
    Err(Rejection {
        code: "out_of_range",
        message: Text::of(
            format!("最多提前 {LONGEST_STATE_DAYS} 天。"),
            format!("This has to be within {LONGEST_STATE_DAYS} days."),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_holds_until_it_runs_out_and_then_the_item_is_accepted() {
        let full = ItemStatus { item: Item::Books, state: ItemState::Full, until: Some(100) };
        assert_eq!(full.at(99).state, ItemState::Full);
        assert_eq!(full.at(100), ItemStatus { item: Item::Books, state: ItemState::Accepting, until: None });
        let closed = ItemStatus { until: None, ..full };
        assert_eq!(closed.at(i64::MAX), closed);
    }

    #[test]
    fn words_are_those_of_json() {
        for (word, item) in Item::WORDS {
            assert_eq!(serde_json::to_value(item).unwrap(), *word);
            assert_eq!(item.word(), *word);
        }
        for (word, state) in ItemState::WORDS {
            assert_eq!(serde_json::to_value(state).unwrap(), *word);
            assert_eq!(state.word(), *word);
        }
    }
}
