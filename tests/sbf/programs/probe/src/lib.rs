//! One program with everything that a linker or a code generator can get wrong.
//!
//! The first byte of the instruction data chooses a command, the rest is its input; what a command writes is the return data.
#![no_std]

mod arithmetic;
mod formatting;
mod memory;
mod panics;
mod returns;
mod runtime;
mod sorting;
mod tables;

use runtime::{Output, set_return_data};

type Command = fn(&[u8], &mut Output) -> u64;

/// Reached by index: the dispatch itself is a table of function pointers.
static COMMANDS: [Command; 14] = [
    tables::strings,
    tables::chain,
    tables::functions,
    tables::shapes,
    tables::switch,
    tables::pointers,
    arithmetic::words,
    arithmetic::wide,
    arithmetic::shifts,
    memory::run,
    sorting::run,
    formatting::run,
    panics::run,
    returns::run,
];

/// # Safety
/// `input` is what the runtime passes: the number of accounts (0 here), the length of the data, the data.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
    // SAFETY: the runtime lays the input out as the function's contract says.
    let data = unsafe {
        let length = input.add(8).cast::<u64>().read() as usize;
        core::slice::from_raw_parts(input.add(16), length)
    };
    let Some((&command, rest)) = data.split_first() else {
        return 1;
    };
    let Some(run) = COMMANDS.get(command as usize) else {
        return 2;
    };
    let mut output = Output::new();
    let code = run(rest, &mut output);
    set_return_data(output.bytes());
    code
}
