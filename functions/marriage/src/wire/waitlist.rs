use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::input::{Object, Rejection, choice, day, slug};
use shared::instant::Instant;
use utoipa::ToSchema;

use super::{Office, PartyInput};
use crate::domain::{Party, Service};

/// 候补 · What `POST /waitlist` takes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WaitlistInput {
    /// The office.
    pub office_id: String,
    /// The service.
    pub service: Service,
    /// The first day that suits.
    pub from: NaiveDate,
    /// The last day that suits.
    pub to: NaiveDate,
    /// Who comes.
    #[schema(min_items = 1, max_items = 2)]
    pub parties: Vec<PartyInput>,
}

/// A place in the queue that somebody asks for.
pub struct NewWaiting {
    /// The office.
    pub office_id: String,
    /// The service.
    pub service: Service,
    /// The first day that suits.
    pub from: NaiveDate,
    /// The last day that suits.
    pub to: NaiveDate,
    /// Who comes.
    pub parties: Vec<Party>,
}

impl NewWaiting {
    /// Reads the body.
    pub fn read(o: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let office_id = o.required("office_id", slug);
        let service = o.required("service", choice(Service::WORDS));
        let from = o.required("from", day);
        let to = o.required("to", day);
        let count = service.map_or(1..=2, Service::parties);
        let parties = o.required_objects("parties", count, |party| Party::read(party, today));
        let (from, to) = (from?, to?);
        if to < from || to < today || (to - from).num_days() > 62 {
            o.reject(
                "to",
                Rejection::new(
                    "range",
                    "应不早于 from 和今天，且不超过 62 天。",
                    "This must not be before from or today, nor more than 62 days from it.",
                ),
            );
            return None;
        }
        Some(Self { office_id: office_id?, service: service?, from, to, parties: parties? })
    }
}

/// 候补状态 · Where somebody stands in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitlistStatus {
    /// 候补中 · Waiting.
    Waiting,
    /// 已有席位 · A seat is offered, until `offer.expires_at`.
    Offered,
    /// 已接受 · The offer was accepted.
    Accepted,
    /// 已失效 · The offer was not accepted in time, or the last day is over.
    Lapsed,
    /// 已退出 · Withdrawn.
    Withdrawn,
}

/// 候补席位 · A seat offered to somebody who waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Until when it can be accepted.
    pub expires_at: Instant,
}

/// 候补 · A place in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitlistView {
    /// 候补号 · Its public name.
    pub reference: String,
    /// 凭证 · The capability token, in the answer that creates it only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
    /// Where it stands.
    pub status: WaitlistStatus,
    /// 第几位 · 1 is next; `null` unless waiting.
    pub position: Option<i64>,
    /// The office.
    pub office: Office,
    /// The service.
    pub service: Service,
    /// The first day that suits.
    pub from: NaiveDate,
    /// The last day that suits.
    pub to: NaiveDate,
    /// The seat offered; `null` unless one is.
    pub offer: Option<Offer>,
}
