//! What callers send of gifts and their steps.

use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    input::{Object, Rejection, boolean, choice, division_code, integer, parsed, phone, slug, text},
};
use utoipa::ToSchema;

use crate::domain::{Item, Line, Step};

/// What `POST /pledges` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct PledgeInput {
    /// Where it will be brought.
    point_id: String,
    /// What, each item once.
    #[schema(min_items = 1, max_items = 10)]
    items: Vec<PledgeItemInput>,
    /// By whom.
    donor: DonorInput,
}

/// One item of a gift.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct PledgeItemInput {
    /// The item.
    item: Item,
    /// 数量 · Pieces; of cash, fen.
    #[schema(minimum = 1)]
    quantity: i64,
    /// 说明 · In words.
    #[schema(max_length = 200)]
    note: Option<String>,
}

/// The giver.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct DonorInput {
    /// 姓名 · Needed unless `anonymous`.
    #[schema(max_length = 80)]
    name: Option<String>,
    /// 电话 · Telephone.
    phone: Option<String>,
    /// 匿名 · Gives without a name.
    anonymous: bool,
}

/// A gift as it is pledged.
pub struct NewPledge {
    /// Where it will be brought.
    pub point_id: String,
    /// How much of what.
    pub lines: Vec<Line>,
    /// What is sealed.
    pub secret: Secret,
}

/// What only the giver and staff may read; sealed before it reaches the store.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Secret {
    /// The giver's name.
    pub name: Option<String>,
    /// The giver's telephone.
    pub phone: Option<String>,
    /// Whether the giver wants no name shown.
    pub anonymous: bool,
    /// What they wrote of each item.
    pub notes: Vec<(Item, String)>,
}

impl NewPledge {
    /// Reads the body of `POST /pledges`.
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let point_id = o.required("point_id", slug);
        let items = o.required_objects("items", 1..=10, |item| {
            let line = read_line(item, 1);
            let note = item.optional("note", text(1..=200));
            Some((line?, note?))
        });
        let items = items.filter(|items| o.all_different("items", items.iter().map(|(line, _)| line.item)));
        let donor = o.required_object("donor", |donor| {
            let name = donor.optional("name", text(1..=80));
            let phone = donor.optional("phone", phone);
            let anonymous = donor.required("anonymous", boolean);
            let (name, anonymous) = (name?, anonymous?);
            if !anonymous && name.is_none() {
                donor.reject(
                    "name",
                    Rejection::new("required", "必填;或选择匿名。", "Required, or give anonymously."),
                );
                return None;
            }
            Some((name, phone?, anonymous))
        });
        let (items, (name, phone, anonymous)) = (items?, donor?);
        let notes = items.iter().filter_map(|(line, note)| Some((line.item, note.clone()?))).collect();
        Some(Self {
            point_id: point_id?,
            lines: items.into_iter().map(|(line, _)| line).collect(),
            secret: Secret { name, phone, anonymous, notes },
        })
    }
}

fn read_line(o: &Object<'_>, least: i64) -> Option<Line> {
    let item = o.required("item", choice(Item::WORDS));
    let most = item.map_or(i64::MAX, Item::most);
    let quantity = o.required("quantity", integer(least..=most));
    Some(Line { item: item?, quantity: quantity? })
}

/// The lines of a staff step; the outer `None` is a fault, the inner one stands for all that is left.
#[expect(clippy::option_option, reason = "the accessors of Object speak so")]
fn read_lines(o: &Object<'_>) -> Option<Option<Vec<Line>>> {
    let lines = o.optional_objects("items", 0..=10, |line| read_line(line, 0))?;
    match lines {
        Some(lines) => o.all_different("items", lines.iter().map(|line| line.item)).then_some(Some(lines)),
        None => Some(None),
    }
}

/// What `…/receive` and `…/sort` take.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct StepInput {
    /// What was counted, each item once; absent: all that is left of the step before.
    items: Option<Vec<Line>>,
}

/// What `…/dispatch` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct DispatchInput {
    /// 去向 · Where to: an organisation or place, not a private person.
    #[schema(max_length = 120)]
    destination: String,
    /// Its GB/T 2260 division code, where it lies in the city.
    division_code: Option<String>,
    /// What is sent, each item once; absent: all that is left.
    items: Option<Vec<Line>>,
}

/// What `…/deliver` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct DeliverInput {
    /// Which consignment; may be absent where one is on its way.
    dispatch: Option<String>,
    /// What arrived, each item once; absent: all of it.
    items: Option<Vec<Line>>,
}

/// A step as staff ask for it, with where a consignment goes.
pub struct StepAsked {
    /// The step.
    pub step: Step,
    /// Of a dispatch: where to.
    pub destination: Option<String>,
    /// Of a dispatch: the division it goes to.
    pub division: Option<DivisionCode>,
}

impl StepAsked {
    /// A step that goes nowhere else.
    #[must_use]
    pub fn plain(step: Step) -> Self {
        Self { step, destination: None, division: None }
    }

    /// Reads the body of `…/receive`.
    pub fn receive(o: &Object<'_>) -> Option<Self> {
        read_lines(o).map(Step::Receive).map(Self::plain)
    }

    /// Reads the body of `…/sort`.
    pub fn sort(o: &Object<'_>) -> Option<Self> {
        read_lines(o).map(Step::Sort).map(Self::plain)
    }

    /// Reads the body of `…/dispatch`.
    pub fn dispatch(o: &Object<'_>) -> Option<Self> {
        let destination = o.required("destination", text(1..=120));
        let division = o.optional("division_code", division_code);
        let lines = read_lines(o);
        Some(Self { step: Step::Dispatch(lines?), destination: Some(destination?), division: division? })
    }

    /// Reads the body of `…/deliver`.
    pub fn deliver(o: &Object<'_>) -> Option<Self> {
        let dispatch = o.optional("dispatch", parsed(|id| Ok(id.to_owned())));
        let lines = read_lines(o);
        Some(Self::plain(Step::Deliver(dispatch?, lines?)))
    }
}
