//! Scans one member that is a document: in memory where it fits, else as a stream.
//! Not here: which members there are.

use std::{
    io::{self, Read},
    mem,
    rc::Rc,
};

use keylint_diagnostics::{SkipKind, not_text};

use super::{Session, as_source, fill};
use crate::{pieces::Text, read};

/// Where it is clear whether a member is binary, before more of it is read.
const SNIFF: usize = 64 << 10;
/// Members up to this size need no share of the memory that all threads have together.
const SMALL: u64 = 4 << 20;

/// An input that fails again where it failed before.
pub(super) struct Ended<'r> {
    /// The rest.
    pub(super) input: &'r mut dyn Read,
    /// Why there is none.
    pub(super) failure: Option<io::Error>,
}

impl Read for Ended<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.failure.take() {
            Some(error) => Err(error),
            None => self.input.read(buffer),
        }
    }
}

impl<'s> Session<'_, 's> {
    /// Scans the text of the member `name`; what came before an error is scanned too.
    pub(super) fn document(&mut self, name: &str, input: &mut dyn Read) {
        let mut buffer = mem::take(&mut self.buffer);
        buffer.clear();
        let mut failure = more(input, &mut buffer, SNIFF as u64);
        if let Some(reason) = not_text(&buffer) {
            self.buffer = buffer;
            if let Some(error) = failure {
                return self.fault(name, &error);
            }
            return self.skip(name, SkipKind::Excluded, reason);
        }
        let mut owner = false;
        let mut large = false;
        if failure.is_none() && buffer.len() == SNIFF {
            failure = more(input, &mut buffer, SMALL);
            if failure.is_none() && buffer.len() as u64 == SMALL {
                owner = self.reserve();
                let most = read::MAX_IN_MEMORY.saturating_sub(self.held).max(SMALL);
                // One byte more shows whether this is all.
                failure = more(input, &mut buffer, most + 1);
                large = buffer.len() as u64 > most;
            }
        }
        let (folder, shown) = self.source(name);
        let before = self.worker.outcome().found.len();
        if large {
            self.worker.stream(as_source(&folder, name, shown), &buffer, &mut &mut *input);
        } else {
            self.worker.source(as_source(&folder, name, shown), &buffer, None);
        }
        if buffer.capacity() as u64 > SMALL {
            buffer = Vec::new();
        }
        self.buffer = buffer;
        self.release(owner);
        if let Some(error) = failure {
            self.fault(name, &error);
        }
        self.settle(before);
    }

    /// Scans a text that was made from the member `name`; the engine takes it for a file with this extension.
    pub(crate) fn made(&mut self, name: &str, extension: &str, text: &[u8]) {
        let (folder, shown) = self.source(name);
        let engine_name = format!("{name}.{extension}");
        let found = self.worker.findings(&as_source(&folder, &engine_name, shown.clone()), text);
        let before = self.worker.outcome().found.len();
        let pieces = if found.is_empty() { Vec::new() } else { Text::whole(text).cut(found, true) };
        self.worker.scanned(as_source(&folder, name, shown), pieces, text.len() as u64);
        self.settle(before);
    }

    /// Reads an archive into memory; gives whether memory must be given back, and how much would have been too much.
    pub(super) fn read_all(&mut self, input: &mut dyn Read, bytes: &mut Vec<u8>, name: &str) -> (bool, u64) {
        let mut failure = more(input, bytes, SMALL);
        if failure.is_some() || (bytes.len() as u64) < SMALL {
            if let Some(error) = failure {
                self.fault(name, &error);
            }
            return (false, SMALL);
        }
        let owner = self.reserve();
        let most = read::MAX_IN_MEMORY.saturating_sub(self.held).max(SMALL);
        failure = more(input, bytes, most + 1);
        if let Some(error) = failure {
            self.fault(name, &error);
        }
        (owner, most)
    }

    /// Finishes what was found since `before`: members of the same name get a number, since reports tell documents apart
    /// by their paths, and nothing can be mended in an archive.
    pub(super) fn settle(&mut self, before: usize) {
        for found in &mut self.worker.outcome().found[before..] {
            found.pieces.iter_mut().flat_map(|piece| &mut piece.diagnostics).for_each(|found| found.fixes.clear());
        }
        let count = self.worker.outcome().found.len();
        for index in before..count {
            let path = self.worker.outcome().found[index].path.clone();
            let mut own = path.clone();
            let mut number = 2;
            while !self.paths.insert(own.clone()) {
                own = format!("{path}#{number}");
                number += 1;
            }
            self.worker.outcome().found[index].path = own;
        }
    }

    /// A shared pointer to the meter, for what reads a member itself.
    pub(super) fn meter(&self) -> Rc<super::Meter> {
        Rc::clone(&self.meter)
    }
}

/// Reads until `buffer` has `most` bytes or the input ends; gives the error that ended it.
fn more(input: &mut dyn Read, buffer: &mut Vec<u8>, most: u64) -> Option<io::Error> {
    const STEP: usize = 64 << 10;
    while (buffer.len() as u64) < most {
        let start = buffer.len();
        let take = (most - start as u64).min(STEP as u64) as usize;
        buffer.resize(start + take, 0);
        match fill(input, &mut buffer[start..]) {
            Ok(length) => {
                buffer.truncate(start + length);
                if length < take {
                    return None;
                }
            }
            Err((length, error)) => {
                buffer.truncate(start + length);
                return Some(error);
            }
        }
    }
    None
}
