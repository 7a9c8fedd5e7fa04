//! What terms a market takes.

use core::ops::RangeInclusive;

use layout::U32;
use market_interface::generated::{
    ATTESTORS_MAX, AttestorKey, COOLDOWN_MAX_S, FEE_BPS_MAX, FREE_CANCEL_INTERVAL_MAX_S, MarketError,
    PAY_WINDOW_MAX_S, PAY_WINDOW_MIN_S, PROVE_WINDOW_MAX_S, PROVE_WINDOW_MIN_S, PublishTermsArgs,
    REVEAL_WINDOW_MAX_S, REVEAL_WINDOW_MIN_S, STRIKES_MAX,
};
use statements::{
    ATTESTOR_DEPTH_MAX, ATTESTOR_LEAVES_MAX, EMPTY_LEAF, FieldBytes, attestor_leaf, attestor_root,
    is_canonical,
};

const UNUSED: AttestorKey = AttestorKey { x: [0; 32], y: [0; 32] };

const _: () = assert!(ATTESTORS_MAX <= ATTESTOR_LEAVES_MAX);

/// Checks everything in the arguments that no account is needed for, in this order: the set of attestors, the fee, the
/// windows, the strikes, the minimums.
pub fn check(args: &PublishTermsArgs) -> Result<(), MarketError> {
    check_attestors(args)?;
    if usize::from(args.fee_bps.get()) > FEE_BPS_MAX {
        return Err(MarketError::FeeTooHigh);
    }
    // A grace past the time to pay would make every cancel free.
    let windows = within(args.reveal_window_s, REVEAL_WINDOW_MIN_S..=REVEAL_WINDOW_MAX_S)
        && within(args.pay_window_s, PAY_WINDOW_MIN_S..=PAY_WINDOW_MAX_S)
        && within(args.prove_window_s, PROVE_WINDOW_MIN_S..=PROVE_WINDOW_MAX_S)
        && within(args.cooldown_s, 0..=COOLDOWN_MAX_S)
        && within(args.free_cancel_grace_s, 0..=args.pay_window_s.get() as usize)
        && within(args.free_cancel_interval_s, 0..=FREE_CANCEL_INTERVAL_MAX_S);
    if !windows {
        return Err(MarketError::WindowOutOfBounds);
    }
    if usize::from(args.strikes_max) > STRIKES_MAX {
        return Err(MarketError::StrikesTooMany);
    }
    let (min_ask, min_fill) = (args.min_ask_atoms.get(), args.min_fill_atoms.get());
    if min_fill == 0 || min_fill > min_ask {
        return Err(MarketError::MinimumInvalid);
    }
    Ok(())
}

/// The root of the set's Merkle tree. Leaf i is key i's; past the keys stands the empty leaf.
///
/// The arguments have passed [`check`]. That each key is a point of the subgroup costs more than a program can pay: every
/// client checks it before it trusts the terms.
#[inline(always)]
pub fn root(args: &PublishTermsArgs) -> Result<FieldBytes, MarketError> {
    let mut leaves = [EMPTY_LEAF; ATTESTOR_LEAVES_MAX];
    for (leaf, key) in leaves.iter_mut().zip(args.attestor_keys.iter().take(args.attestor_n.into())) {
        *leaf = attestor_leaf(&key.x, &key.y).ok_or(MarketError::AttestorKeyNotCanonical)?;
    }
    attestor_root(&mut leaves, args.attestor_depth.into()).ok_or(MarketError::AttestorDepthInvalid)
}

fn check_attestors(args: &PublishTermsArgs) -> Result<(), MarketError> {
    let (k, n) = (usize::from(args.attestor_k), usize::from(args.attestor_n));
    let depth = usize::from(args.attestor_depth);
    if depth == 0 || depth > ATTESTOR_DEPTH_MAX {
        return Err(MarketError::AttestorDepthInvalid);
    }
    // More than half, so that any two quorums share an attestor.
    let majority = n / 2 < k && k <= n;
    if n == 0 || n > ATTESTORS_MAX || n > 1 << depth || !majority {
        return Err(MarketError::AttestorCountInvalid);
    }
    let (used, unused) = args.attestor_keys.split_at_checked(n).ok_or(MarketError::AttestorCountInvalid)?;
    for (position, key) in used.iter().enumerate() {
        if !is_canonical(&key.x) || !is_canonical(&key.y) {
            return Err(MarketError::AttestorKeyNotCanonical);
        }
        // Whoever holds the secret of (x, y) holds that of (−x, y): the same y is the same attestor.
        if used.iter().take(position).any(|other| other.y == key.y) {
            return Err(MarketError::AttestorKeysEqual);
        }
    }
    if unused.iter().any(|key| key.x != UNUSED.x || key.y != UNUSED.y) {
        return Err(MarketError::AttestorKeyUnused);
    }
    Ok(())
}

fn within(seconds: U32, bounds: RangeInclusive<usize>) -> bool {
    bounds.contains(&(seconds.get() as usize))
}
