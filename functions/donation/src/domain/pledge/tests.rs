use proptest::prelude::*;

use super::*;

const ITEMS: [Item; 3] = [Item::Clothing, Item::Books, Item::Cash];

fn line(item: Item, quantity: i64) -> Line {
    Line { item, quantity }
}

fn pledged(lines: &[Line]) -> Gift {
    let amounts =
        lines.iter().map(|line| (line.item, Amounts { pledged: line.quantity, ..Amounts::default() }));
    Gift { status: PledgeStatus::Pledged, amounts: amounts.collect(), dispatches: Vec::new() }
}

/// What the store's trigger does with a decision.
fn take(gift: &mut Gift, decision: &Decision) {
    gift.status = decision.status;
    for line in &decision.lines {
        let amounts = gift.amounts.entry(line.item).or_default();
        match decision.kind {
            PledgeStatus::Received => amounts.received += line.quantity,
            PledgeStatus::Sorted => amounts.sorted += line.quantity,
            PledgeStatus::Dispatched => amounts.dispatched += line.quantity,
            PledgeStatus::Delivered => amounts.delivered += line.quantity,
            PledgeStatus::Pledged | PledgeStatus::Cancelled => {}
        }
    }
    match decision.kind {
        PledgeStatus::Dispatched => {
            let id = format!("d{}", gift.dispatches.len());
            gift.dispatches.push(Dispatch { id, lines: decision.lines.clone(), arrived: false });
        }
        PledgeStatus::Delivered => {
            let arrived =
                gift.dispatches.iter_mut().find(|dispatch| Some(&dispatch.id) == decision.dispatch.as_ref());
            arrived.unwrap().arrived = true;
        }
        _ => {}
    }
}

fn must(gift: &mut Gift, step: Step) {
    let decision = gift.decide(step).unwrap();
    take(gift, &decision);
}

#[test]
fn a_gift_that_splits_over_two_homes_is_delivered_when_both_have_it() {
    let mut gift = pledged(&[line(Item::Clothing, 10)]);
    must(&mut gift, Step::Receive(Some(vec![line(Item::Clothing, 9), line(Item::Books, 2)])));
    must(&mut gift, Step::Sort(Some(vec![line(Item::Clothing, 8)])));
    must(&mut gift, Step::Dispatch(Some(vec![line(Item::Clothing, 5)])));
    let too_much = gift.decide(Step::Dispatch(Some(vec![line(Item::Clothing, 4)])));
    assert_eq!(too_much, Err(StepRefusal::TooMuch { item: Item::Clothing, left: 3 }));
    must(&mut gift, Step::Deliver(None, None));
    assert_eq!(gift.status, PledgeStatus::Dispatched, "three are still here");
    must(&mut gift, Step::Dispatch(None));
    assert_eq!(gift.decide(Step::Deliver(Some("d0".into()), None)), Err(StepRefusal::WhichDispatch));
    must(&mut gift, Step::Deliver(Some("d1".into()), Some(vec![line(Item::Clothing, 2)])));
    assert_eq!(gift.status, PledgeStatus::Delivered);
    assert_eq!(gift.amounts[&Item::Clothing].delivered, 7, "one was lost on the way");
}

#[test]
fn only_a_gift_that_was_not_brought_can_be_cancelled() {
    let mut gift = pledged(&[line(Item::Toys, 1)]);
    assert_eq!(gift.decide(Step::Cancel).unwrap().status, PledgeStatus::Cancelled);
    must(&mut gift, Step::Receive(None));
    assert_eq!(gift.decide(Step::Cancel), Err(StepRefusal::WrongStatus));
}

#[test]
fn nothing_can_be_received_or_sent_but_sorting_may_find_nothing_of_use() {
    let mut gift = pledged(&[line(Item::Toys, 1)]);
    assert_eq!(gift.decide(Step::Receive(Some(vec![line(Item::Toys, 0)]))), Err(StepRefusal::Nothing));
    must(&mut gift, Step::Receive(None));
    must(&mut gift, Step::Sort(Some(Vec::new())));
    assert_eq!(gift.decide(Step::Dispatch(None)), Err(StepRefusal::Nothing));
}

fn lines() -> impl Strategy<Value = Option<Vec<Line>>> {
    let one = (prop::sample::select(&ITEMS[..]), 0..12_i64).prop_map(|(item, quantity)| line(item, quantity));
    prop::option::of(prop::collection::vec(one, 0..3).prop_map(|mut lines| {
        lines.sort_by_key(|line| line.item);
        lines.dedup_by_key(|line| line.item);
        lines
    }))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::Cancel),
        4 => lines().prop_map(Step::Receive),
        4 => lines().prop_map(Step::Sort),
        6 => lines().prop_map(Step::Dispatch),
        6 => (prop::option::of(0..4_u8), lines())
            .prop_map(|(id, lines)| Step::Deliver(id.map(|id| format!("d{id}")), lines)),
    ]
}

proptest! {
    #[test]
    fn whatever_is_asked_quantities_never_add_up_to_more_than_was_received(
        steps in prop::collection::vec(step(), 0..40)
    ) {
        let mut gift = pledged(&[line(Item::Clothing, 10), line(Item::Books, 3)]);
        for step in steps {
            let before = gift.status;
            let Ok(decision) = gift.decide(step) else { continue };
            take(&mut gift, &decision);
            prop_assert!(before <= gift.status, "{before:?} to {:?}", gift.status);
            prop_assert!(before != PledgeStatus::Delivered && before != PledgeStatus::Cancelled);
            for amounts in gift.amounts.values() {
                prop_assert!(amounts.delivered <= amounts.dispatched, "{gift:?}");
                prop_assert!(amounts.dispatched <= amounts.sorted, "{gift:?}");
                prop_assert!(amounts.sorted <= amounts.received, "{gift:?}");
            }
            if gift.status == PledgeStatus::Delivered {
                prop_assert!(gift.dispatches.iter().all(|dispatch| dispatch.arrived));
                prop_assert!(gift.amounts.values().all(|amounts| amounts.sorted == amounts.dispatched));
            }
        }
    }
}
