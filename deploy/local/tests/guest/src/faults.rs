//! What a component should not do.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Query;
use serde::Deserialize;

#[expect(clippy::panic, reason = "that is what is tested")]
pub(crate) async fn panic() -> &'static str {
    panic!("asked to")
}

pub(crate) async fn endless() -> &'static str {
    let mut number = 1_u64;
    loop {
        number = std::hint::black_box(number.wrapping_mul(3));
        if number == 0 {
            return "never";
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Size {
    mib: usize,
}

pub(crate) async fn eat(Query(Size { mib }): Query<Size>) -> String {
    let bytes = std::hint::black_box(vec![1_u8; mib << 20]);
    bytes.len().to_string()
}

#[derive(Deserialize)]
pub(crate) struct Time {
    ms: u64,
}

async fn pause(ms: u64) {
    let pause = Duration::from_millis(ms);
    spin_sdk::wasip3::clocks::monotonic_clock::wait_for(u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX))
        .await;
}

pub(crate) async fn sleep(Query(Time { ms }): Query<Time>) -> &'static str {
    pause(ms).await;
    "slept"
}

/// A body of three pieces with pauses between them.
pub(crate) async fn trickle(Query(Time { ms }): Query<Time>) -> Body {
    let (mut pieces, body) = spin_sdk::http::body::stream::<&'static str>();
    spin_sdk::wasip3::spawn(async move {
        for piece in ["one ", "two ", "three"] {
            pause(ms).await;
            if pieces.try_send(piece).is_err() {
                break;
            }
        }
    });
    Body::new(body)
}
