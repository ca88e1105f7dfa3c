//! What two functions need.
