"""A small WebAssembly module that stands between us and a circom-2 witness calculator.

Circom's interface moves one 32-bit word per call. A call from Python costs microseconds, so a witness of 15,000 field
elements would take seconds; between two WebAssembly modules it costs nothing. The shim sets all inputs and reads the
whole witness in one call each.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CIRCOM_1_LOG_WAT", "CIRCOM_2_SHIM_WAT"]

CIRCOM_2_SHIM_WAT: Final = """
(module
  (import "circuit" "readSharedRWMemory" (func $read (param i32) (result i32)))
  (import "circuit" "writeSharedRWMemory" (func $write (param i32 i32)))
  (import "circuit" "setInputSignal" (func $set_input (param i32 i32 i32)))
  (import "circuit" "getWitness" (func $get_witness (param i32)))
  (memory (export "memory") 0)
  ;; The record being set, so that whoever sees a failure knows which input it was.
  (global $record (export "record") (mut i32) (i32.const 0))

  ;; Records stand one after another: hash high, hash low, index, then $words words, least significant first.
  (func (export "set_inputs") (param $count i32) (param $words i32)
    (local $at i32) (local $word i32)
    (global.set $record (i32.const 0))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (global.get $record) (local.get $count)))
        (local.set $word (i32.const 0))
        (loop $copy
          (call $write (local.get $word)
            (i32.load offset=12 (i32.add (local.get $at) (i32.shl (local.get $word) (i32.const 2)))))
          (local.set $word (i32.add (local.get $word) (i32.const 1)))
          (br_if $copy (i32.lt_u (local.get $word) (local.get $words))))
        (call $set_input
          (i32.load (local.get $at))
          (i32.load offset=4 (local.get $at))
          (i32.load offset=8 (local.get $at)))
        (local.set $at (i32.add (local.get $at)
          (i32.add (i32.const 12) (i32.shl (local.get $words) (i32.const 2)))))
        (global.set $record (i32.add (global.get $record) (i32.const 1)))
        (br $next))))

  ;; Writes $count witness elements of $words words each to the start of the memory.
  (func (export "get_witness") (param $count i32) (param $words i32)
    (local $i i32) (local $word i32) (local $at i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (call $get_witness (local.get $i))
        (local.set $word (i32.const 0))
        (loop $copy
          (i32.store (local.get $at) (call $read (local.get $word)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $word (i32.add (local.get $word) (i32.const 1)))
          (br_if $copy (i32.lt_u (local.get $word) (local.get $words))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))
"""

CIRCOM_1_LOG_WAT: Final = """
(module
  ;; Circom 1 reports each signal it sets or reads. Only one report matters: that component 0, main, has finished.
  (global $finished (export "finished") (mut i32) (i32.const 0))
  (func (export "logSetSignal") (param i32 i32))
  (func (export "logGetSignal") (param i32 i32))
  (func (export "logStartComponent") (param i32))
  (func (export "logFinishComponent") (param $component i32)
    (if (i32.eqz (local.get $component)) (then (global.set $finished (i32.const 1))))))
"""
