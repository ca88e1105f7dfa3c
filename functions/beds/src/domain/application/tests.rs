use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

const ROOMS: [RoomType; 2] = [RoomType::Single, RoomType::Double];

fn place(room: usize) -> Place {
    Place { institution: "h".to_owned(), room_type: ROOMS[room] }
}

fn offer(id: &str, room: usize, expires_at: i64) -> Offer {
    Offer { id: id.to_owned(), place: place(room), expires_at }
}

/// What a step leaves behind.
fn after(standing: &Standing, decision: &Decision) -> Standing {
    match decision.status {
        ApplicationStatus::Waiting => Standing::Waiting,
        ApplicationStatus::Offered => Standing::Offered(decision.offer.clone().unwrap()),
        ApplicationStatus::Accepted => Standing::Accepted(decision.place.clone().unwrap()),
        ApplicationStatus::Admitted => Standing::Admitted(decision.place.clone().unwrap()),
        ApplicationStatus::Withdrawn => Standing::Withdrawn,
        ApplicationStatus::Discharged => {
            assert!(matches!(standing, Standing::Admitted(_)));
            Standing::Discharged
        }
    }
}

#[test]
fn an_offer_is_open_until_the_instant_at_which_it_ends() {
    let standing = Standing::Offered(offer("f", 0, 100));
    let accept = |id: &str, now| standing.decide(Step::Accept(id.to_owned()), now).map(|done| done.status);
    assert_eq!(accept("f", 99), Ok(ApplicationStatus::Accepted));
    assert_eq!(accept("f", 100), Err(StepRefusal::OfferExpired));
    assert_eq!(accept("g", 99), Err(StepRefusal::UnknownOffer));
    assert_eq!(standing.decide(Step::Expire, 99), Err(StepRefusal::WrongStatus));
    assert!(standing.decide(Step::Expire, 100).is_ok());
}

#[test]
fn what_is_over_stays_over_and_each_step_begins_where_it_should() {
    let steps = || {
        [
            Step::Offer(offer("g", 0, 200)),
            Step::Accept("f".to_owned()),
            Step::Decline("f".to_owned()),
            Step::Withdraw,
            Step::Admit,
            Step::Discharge,
        ]
    };
    let fine = |standing: Standing| steps().map(|step| standing.decide(step, 50).is_ok());
    assert_eq!(fine(Standing::Waiting), [true, false, false, true, false, false]);
    assert_eq!(fine(Standing::Offered(offer("f", 0, 100))), [false, true, true, true, false, false]);
    assert_eq!(fine(Standing::Accepted(place(0))), [false, false, false, true, true, false]);
    assert_eq!(fine(Standing::Admitted(place(0))), [false, false, false, false, false, true]);
    assert_eq!(fine(Standing::Withdrawn), [false; 6]);
    assert_eq!(fine(Standing::Discharged), [false; 6]);
}

/// One thing that somebody tries: who, what, in which room, and how much time has gone by.
fn attempts() -> impl Strategy<Value = Vec<(usize, u8, usize, i64)>> {
    prop::collection::vec((0..5_usize, 0..7_u8, 0..ROOMS.len(), 0..40_i64), 1..120)
}

proptest! {
    #[test]
    fn whatever_people_try_no_bed_is_given_twice_and_nobody_has_two(attempts in attempts(), beds in 0..4_i64) {
        let mut standings = vec![Standing::Waiting; 5];
        let mut rooms: HashMap<RoomType, (i64, i64)> = ROOMS.map(|room| (room, (0, 0))).into();
        let mut now = 0;
        for (n, (who, what, room, wait)) in attempts.into_iter().enumerate() {
            now += wait;
            let open = match &standings[who] {
                Standing::Offered(offer) => offer.id.clone(),
                _ => "none".to_owned(),
            };
            let step = match what {
                // The statement has the guard on free beds.
                0 if rooms[&ROOMS[room]].0 + rooms[&ROOMS[room]].1 < beds => {
                    Step::Offer(offer(&format!("f{n}"), room, now + 72))
                }
                1 => Step::Accept(open),
                2 => Step::Decline(open),
                3 => Step::Expire,
                4 => Step::Withdraw,
                5 => Step::Admit,
                6 => Step::Discharge,
                _ => continue,
            };
            let Ok(decision) = standings[who].decide(step, now) else { continue };
            if let Some(place) = &decision.place {
                let counts = rooms.get_mut(&place.room_type).unwrap();
                counts.0 += decision.reserved;
                counts.1 += decision.occupied;
            } else {
                prop_assert_eq!((decision.reserved, decision.occupied), (0, 0));
            }
            standings[who] = after(&standings[who], &decision);
            for (index, room) in ROOMS.iter().enumerate() {
                let kept = |f: fn(&Standing) -> Option<&Place>| {
                    standings.iter().filter(|standing| f(standing) == Some(&place(index))).count()
                };
                let offered = kept(|standing| match standing {
                    Standing::Offered(offer) => Some(&offer.place),
                    _ => None,
                });
                let taken = kept(|standing| match standing {
                    Standing::Accepted(place) | Standing::Admitted(place) => Some(place),
                    _ => None,
                });
                let (reserved, occupied) = rooms[room];
                prop_assert_eq!((reserved, occupied), (offered as i64, taken as i64));
                prop_assert!(reserved + occupied <= beds);
            }
        }
    }
}
