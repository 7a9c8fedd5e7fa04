//! The test is `tests/room_rule.rs`.
