//! What a solvency line may become: dues are reserved by bids and freed by the end of their orders.
//!
//! A step either happens whole or returns `None` and leaves the line as it was.

use layout::{Tagged, U64};
use market_interface::generated::{CLOCK_SKEW_S, SolvencyLine};
use quantities::FiatMinorUnits;

/// A line on which nothing has happened yet; `bump` is its address's.
#[inline(always)]
#[must_use]
pub fn new(line_id: &[u8; 32], bump: u8) -> SolvencyLine {
    SolvencyLine {
        tag: SolvencyLine::TAG,
        line_id: *line_id,
        reserved_minor_units: U64::new(0),
        seq: U64::new(0),
        fresh_after_unix_s: U64::new(0),
        strikes: 0,
        free_cancel_at_unix_s: U64::new(0),
        cooldown_until_unix_s: U64::new(0),
        bump,
    }
}

/// Reserves what a new order will owe, inside what the proven balance covers; uses up one sequence number.
#[must_use]
pub fn reserve(line: &mut SolvencyLine, due: FiatMinorUnits, covered: FiatMinorUnits) -> Option<()> {
    let reserved = FiatMinorUnits(line.reserved_minor_units.get()).checked_add(due)?;
    covered.checked_sub(reserved)?;
    let seq = line.seq.get().checked_add(1)?;
    line.reserved_minor_units = U64::new(reserved.0);
    line.seq = U64::new(seq);
    Some(())
}

/// Frees what an ended order owed.
#[must_use]
pub fn free(line: &mut SolvencyLine, due: FiatMinorUnits) -> Option<()> {
    let reserved = FiatMinorUnits(line.reserved_minor_units.get()).checked_sub(due)?;
    line.reserved_minor_units = U64::new(reserved.0);
    Some(())
}

/// Frees what a settled order owed. The money has moved, so no attestation from before `now` counts any more: one balance
/// cannot back two trades in sequence. Attestors sign times up to `CLOCK_SKEW_S` ahead of their clocks, so these do not count
/// either.
#[must_use]
pub fn settle(line: &mut SolvencyLine, due: FiatMinorUnits, now: u64) -> Option<()> {
    let fresh_after = now.checked_add(CLOCK_SKEW_S as u64)?;
    free(line, due)?;
    line.fresh_after_unix_s = U64::new(fresh_after);
    Some(())
}

/// Uses up the line's free cancel; the next one is free from `interval_s` later on. None before the last one's time has come.
#[must_use]
pub fn cancel_free(line: &mut SolvencyLine, interval_s: u32, now: u64) -> Option<()> {
    if !has_free_cancel(line, now) {
        return None;
    }
    line.free_cancel_at_unix_s = U64::new(now.checked_add(u64::from(interval_s))?);
    Some(())
}

/// Whether a cancel can be free now.
#[inline(always)]
#[must_use]
pub fn has_free_cancel(line: &SolvencyLine, now: u64) -> bool {
    now >= line.free_cancel_at_unix_s.get()
}

/// Counts a strike; with `strikes_max` of them, unless that is 0, a cool-down begins and the count starts again.
///
/// A cool-down never ends earlier by another one.
#[must_use]
pub fn strike(line: &mut SolvencyLine, strikes_max: u8, cooldown_s: u32, now: u64) -> Option<()> {
    let strikes = line.strikes.saturating_add(1);
    if strikes_max == 0 || strikes < strikes_max {
        line.strikes = strikes;
        return Some(());
    }
    let until = now.checked_add(u64::from(cooldown_s))?;
    line.cooldown_until_unix_s = U64::new(until.max(line.cooldown_until_unix_s.get()));
    line.strikes = 0;
    Some(())
}
