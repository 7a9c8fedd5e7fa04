; Arithmetic on integers wider than a register, in terms of 64-bit instructions alone.
;
; LLVM's BPF backend turns these operations into calls of __multi3 and its like, which return 128 bits: more than the one
; result register a BPF call has. Each function is inlined where it is used, and dropped. Products are built from 32-bit halves.

define i128 @sbf.mul.64x64(i64 %a, i64 %b) alwaysinline {
  %a0 = and i64 %a, 4294967295
  %a1 = lshr i64 %a, 32
  %b0 = and i64 %b, 4294967295
  %b1 = lshr i64 %b, 32
  %p00 = mul i64 %a0, %b0
  %p01 = mul i64 %a0, %b1
  %p10 = mul i64 %a1, %b0
  %p11 = mul i64 %a1, %b1
  ; The middle column: three numbers below 2^32, whose sum fits easily.
  %p00.carry = lshr i64 %p00, 32
  %p01.low = and i64 %p01, 4294967295
  %p10.low = and i64 %p10, 4294967295
  %middle.0 = add i64 %p00.carry, %p01.low
  %middle = add i64 %middle.0, %p10.low
  %p01.high = lshr i64 %p01, 32
  %p10.high = lshr i64 %p10, 32
  %middle.carry = lshr i64 %middle, 32
  %high.0 = add i64 %p11, %p01.high
  %high.1 = add i64 %high.0, %p10.high
  %high = add i64 %high.1, %middle.carry
  %low = mul i64 %a, %b
  %low.wide = zext i64 %low to i128
  %high.wide = zext i64 %high to i128
  %high.shifted = shl i128 %high.wide, 64
  %product = or i128 %high.shifted, %low.wide
  ret i128 %product
}

define i128 @sbf.mul.128(i128 %a, i128 %b) alwaysinline {
  %a0 = trunc i128 %a to i64
  %a.shifted = lshr i128 %a, 64
  %a1 = trunc i128 %a.shifted to i64
  %b0 = trunc i128 %b to i64
  %b.shifted = lshr i128 %b, 64
  %b1 = trunc i128 %b.shifted to i64
  %low = call i128 @sbf.mul.64x64(i64 %a0, i64 %b0)
  %cross.0 = mul i64 %a0, %b1
  %cross.1 = mul i64 %a1, %b0
  %cross = add i64 %cross.0, %cross.1
  %cross.wide = zext i64 %cross to i128
  %cross.shifted = shl i128 %cross.wide, 64
  %product = add i128 %low, %cross.shifted
  ret i128 %product
}

define { i64, i1 } @sbf.umul.overflow.64(i64 %a, i64 %b) alwaysinline {
  %wide = call i128 @sbf.mul.64x64(i64 %a, i64 %b)
  %low = trunc i128 %wide to i64
  %shifted = lshr i128 %wide, 64
  %high = trunc i128 %shifted to i64
  %overflow = icmp ne i64 %high, 0
  %pair.0 = insertvalue { i64, i1 } poison, i64 %low, 0
  %pair = insertvalue { i64, i1 } %pair.0, i1 %overflow, 1
  ret { i64, i1 } %pair
}

; Signed: the high half of the signed product is that of the unsigned one, less b where a is negative and less a where b is.
; The product fits when the high half repeats the sign of the low one.
define { i64, i1 } @sbf.smul.overflow.64(i64 %a, i64 %b) alwaysinline {
  %wide = call i128 @sbf.mul.64x64(i64 %a, i64 %b)
  %low = trunc i128 %wide to i64
  %shifted = lshr i128 %wide, 64
  %high.unsigned = trunc i128 %shifted to i64
  %a.sign = ashr i64 %a, 63
  %b.sign = ashr i64 %b, 63
  %a.correction = and i64 %a.sign, %b
  %b.correction = and i64 %b.sign, %a
  %high.0 = sub i64 %high.unsigned, %a.correction
  %high = sub i64 %high.0, %b.correction
  %low.sign = ashr i64 %low, 63
  %overflow = icmp ne i64 %high, %low.sign
  %pair.0 = insertvalue { i64, i1 } poison, i64 %low, 0
  %pair = insertvalue { i64, i1 } %pair.0, i1 %overflow, 1
  ret { i64, i1 } %pair
}

; With a = a1·2^64 + a0 and b likewise, a·b overflows when a1·b1 ≠ 0, when a cross product exceeds 64 bits, or when adding the
; cross products to the high half of a0·b0 carries. When a1·b1 = 0 at most one cross product is not zero.
define { i128, i1 } @sbf.umul.overflow.128(i128 %a, i128 %b) alwaysinline {
  %a0 = trunc i128 %a to i64
  %a.shifted = lshr i128 %a, 64
  %a1 = trunc i128 %a.shifted to i64
  %b0 = trunc i128 %b to i64
  %b.shifted = lshr i128 %b, 64
  %b1 = trunc i128 %b.shifted to i64
  %a.wide = icmp ne i64 %a1, 0
  %b.wide = icmp ne i64 %b1, 0
  %both.wide = and i1 %a.wide, %b.wide
  %low = call i128 @sbf.mul.64x64(i64 %a0, i64 %b0)
  %cross.0 = call i128 @sbf.mul.64x64(i64 %a0, i64 %b1)
  %cross.1 = call i128 @sbf.mul.64x64(i64 %a1, i64 %b0)
  %cross.0.shifted = lshr i128 %cross.0, 64
  %cross.1.shifted = lshr i128 %cross.1, 64
  %cross.0.high = trunc i128 %cross.0.shifted to i64
  %cross.1.high = trunc i128 %cross.1.shifted to i64
  %cross.highs = or i64 %cross.0.high, %cross.1.high
  %cross.overflow = icmp ne i64 %cross.highs, 0
  %cross.0.low = trunc i128 %cross.0 to i64
  %cross.1.low = trunc i128 %cross.1 to i64
  %cross = add i64 %cross.0.low, %cross.1.low
  %low.shifted = lshr i128 %low, 64
  %low.high = trunc i128 %low.shifted to i64
  %high = add i64 %low.high, %cross
  %carry = icmp ult i64 %high, %cross
  %low.low = trunc i128 %low to i64
  %low.wide = zext i64 %low.low to i128
  %high.wide = zext i64 %high to i128
  %high.shifted = shl i128 %high.wide, 64
  %product = or i128 %high.shifted, %low.wide
  %overflow.0 = or i1 %both.wide, %cross.overflow
  %overflow = or i1 %overflow.0, %carry
  %pair.0 = insertvalue { i128, i1 } poison, i128 %product, 0
  %pair = insertvalue { i128, i1 } %pair.0, i1 %overflow, 1
  ret { i128, i1 } %pair
}

; Signed 128 bits: multiply the magnitudes. The result is in range when the magnitude does not overflow and is at most
; 2^127 - 1, or 2^127 where the signs differ.
define { i128, i1 } @sbf.smul.overflow.128(i128 %a, i128 %b) alwaysinline {
  %a.sign = ashr i128 %a, 127
  %b.sign = ashr i128 %b, 127
  %a.flipped = xor i128 %a, %a.sign
  %a.magnitude = sub i128 %a.flipped, %a.sign
  %b.flipped = xor i128 %b, %b.sign
  %b.magnitude = sub i128 %b.flipped, %b.sign
  %pair.unsigned = call { i128, i1 } @sbf.umul.overflow.128(i128 %a.magnitude, i128 %b.magnitude)
  %magnitude = extractvalue { i128, i1 } %pair.unsigned, 0
  %overflow.unsigned = extractvalue { i128, i1 } %pair.unsigned, 1
  %sign = xor i128 %a.sign, %b.sign
  %flipped = xor i128 %magnitude, %sign
  %product = sub i128 %flipped, %sign
  %limit = sub i128 170141183460469231731687303715884105727, %sign
  %above = icmp ugt i128 %magnitude, %limit
  %overflow = or i1 %overflow.unsigned, %above
  %pair.0 = insertvalue { i128, i1 } poison, i128 %product, 0
  %pair = insertvalue { i128, i1 } %pair.0, i1 %overflow, 1
  ret { i128, i1 } %pair
}

; Shifts by an amount that is known only at run time; amounts of 128 and more are poison in LLVM, so any result will do.
; `63 - n` is written `n xor 63`, and a shift by 64 - n as one by 1 and one by 63 - n, so that no shift reaches 64.
define i128 @sbf.shl.128(i128 %a, i128 %amount) alwaysinline {
  %low = trunc i128 %a to i64
  %a.shifted = lshr i128 %a, 64
  %high = trunc i128 %a.shifted to i64
  %n = trunc i128 %amount to i64
  %n.in.word = and i64 %n, 63
  %n.rest = xor i64 %n.in.word, 63
  %low.moved = shl i64 %low, %n.in.word
  %high.moved = shl i64 %high, %n.in.word
  %low.halved = lshr i64 %low, 1
  %crossing = lshr i64 %low.halved, %n.rest
  %high.joined = or i64 %high.moved, %crossing
  %n.word = and i64 %n, 64
  %whole.word = icmp ne i64 %n.word, 0
  %result.high = select i1 %whole.word, i64 %low.moved, i64 %high.joined
  %result.low = select i1 %whole.word, i64 0, i64 %low.moved
  %low.wide = zext i64 %result.low to i128
  %high.wide = zext i64 %result.high to i128
  %high.shifted = shl i128 %high.wide, 64
  %result = or i128 %high.shifted, %low.wide
  ret i128 %result
}

define i128 @sbf.lshr.128(i128 %a, i128 %amount) alwaysinline {
  %low = trunc i128 %a to i64
  %a.shifted = lshr i128 %a, 64
  %high = trunc i128 %a.shifted to i64
  %n = trunc i128 %amount to i64
  %n.in.word = and i64 %n, 63
  %n.rest = xor i64 %n.in.word, 63
  %low.moved = lshr i64 %low, %n.in.word
  %high.moved = lshr i64 %high, %n.in.word
  %high.doubled = shl i64 %high, 1
  %crossing = shl i64 %high.doubled, %n.rest
  %low.joined = or i64 %low.moved, %crossing
  %n.word = and i64 %n, 64
  %whole.word = icmp ne i64 %n.word, 0
  %result.low = select i1 %whole.word, i64 %high.moved, i64 %low.joined
  %result.high = select i1 %whole.word, i64 0, i64 %high.moved
  %low.wide = zext i64 %result.low to i128
  %high.wide = zext i64 %result.high to i128
  %high.shifted = shl i128 %high.wide, 64
  %result = or i128 %high.shifted, %low.wide
  ret i128 %result
}

define i128 @sbf.ashr.128(i128 %a, i128 %amount) alwaysinline {
  %low = trunc i128 %a to i64
  %a.shifted = lshr i128 %a, 64
  %high = trunc i128 %a.shifted to i64
  %n = trunc i128 %amount to i64
  %n.in.word = and i64 %n, 63
  %n.rest = xor i64 %n.in.word, 63
  %low.moved = lshr i64 %low, %n.in.word
  %high.moved = ashr i64 %high, %n.in.word
  %high.doubled = shl i64 %high, 1
  %crossing = shl i64 %high.doubled, %n.rest
  %low.joined = or i64 %low.moved, %crossing
  %sign = ashr i64 %high, 63
  %n.word = and i64 %n, 64
  %whole.word = icmp ne i64 %n.word, 0
  %result.low = select i1 %whole.word, i64 %high.moved, i64 %low.joined
  %result.high = select i1 %whole.word, i64 %sign, i64 %high.moved
  %low.wide = zext i64 %result.low to i128
  %high.wide = zext i64 %result.high to i128
  %high.shifted = shl i128 %high.wide, 64
  %result = or i128 %high.shifted, %low.wide
  ret i128 %result
}
