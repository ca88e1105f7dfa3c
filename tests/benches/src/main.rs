//! The benchmark. 
fn main() {}
