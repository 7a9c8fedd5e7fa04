//! A mutator that knows the container: it changes one section and puts the file together again with its length right.

const HEAD_BYTES: usize = 12;
const SECTIONS_MAX: usize = 64;

/// Mutate `data[..size]` in place by libFuzzer's own mutations, of the whole file or of one section; return the new size.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let sections = table(&data[..size]);
    // An input may be longer than what libFuzzer wants for the time being.
    if seed.is_multiple_of(3) || sections.is_empty() || size > max_size {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let (start, length) = sections[seed as usize / 3 % sections.len()];
    let room = length + (max_size - size);
    if room == 0 {
        // libFuzzer's mutations need room for a byte.
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mut content = vec![0; room];
    content[..length].copy_from_slice(&data[start..start + length]);
    let new_length = libfuzzer_sys::fuzzer_mutate(&mut content, length, room);
    let tail = data[start + length..size].to_vec();
    data[start - 8..start].copy_from_slice(&(new_length as u64).to_le_bytes());
    data[start..start + new_length].copy_from_slice(&content[..new_length]);
    let end = start + new_length;
    data[end..end + tail.len()].copy_from_slice(&tail);
    end + tail.len()
}

/// Where each section's content stands, as far as the file follows the format.
fn table(file: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = HEAD_BYTES;
    while found.len() < SECTIONS_MAX {
        let Some(length) = file.get(at + 4..at + HEAD_BYTES) else { break };
        let length = length.iter().rev().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
        at += HEAD_BYTES;
        if length > (file.len() - at) as u64 {
            break;
        }
        found.push((at, length as usize));
        at += length as usize;
    }
    found
}
