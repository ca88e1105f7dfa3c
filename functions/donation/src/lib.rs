//! Donation points, pledges and their way: 捐赠接收点与捐赠追踪.

pub mod domain;
