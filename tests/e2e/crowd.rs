//! Many clients at once, and names that no two of them share.

use std::sync::{
    Barrier,
    atomic::{AtomicU32, Ordering},
};

use chrono::Utc;

use crate::client::Answer;

/// The answers of so many clients that start together.
pub(crate) fn together(clients: usize, call: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let barrier = Barrier::new(clients);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|n| {
                let (call, barrier) = (&call, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    call(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

pub(crate) fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// 17 digits that nobody else has, also over several runs against one server.
pub(crate) fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}{:04}", Utc::now().timestamp_millis(), NEXT.fetch_add(1, Ordering::Relaxed))
}
