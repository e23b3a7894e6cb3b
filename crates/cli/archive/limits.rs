//! How much of an archive is read: the limits, their reasons, and the meter that keeps them.
//! Not here: what is read.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// Formats inside each other, compression counted as one: a fat jar in a war in a layer that is compressed in an image
/// has six. An archive that holds itself ends here.
pub(crate) const MAX_DEPTH: usize = 8;
/// Bytes that one archive may become in all, at all depths: the largest images have some ten GiB, and reading this much
/// takes a minute or two.
const MAX_UNPACKED: u64 = 16 << 30;
/// Bytes that one archive may become for each byte that it has: text reaches 50, DEFLATE cannot go above 1032, so what
/// is above this holds nothing but repetition.
const MAX_RATIO: u64 = 200;
/// A small archive may become this much, whatever its ratio: it is what a file may have that is read into memory.
const FREE_UNPACKED: u64 = 64 << 20;
/// Members of one archive, at all depths: the largest images have some hundred thousand files, and each that is left
/// out is noted with its name.
const MAX_MEMBERS: u64 = 500_000;
/// The longest name of a member: PATH_MAX of Linux. Nothing that was unpacked once has a longer one.
pub(crate) const MAX_NAME: usize = 4096;
/// What a decoder may keep of what it has decoded: `xz -9` and `zstd --ultra -21` need 64 MiB.
pub(crate) const MAX_WINDOW: u64 = 64 << 20;
/// Decoders with such a window inside each other: a layer of an image, and a file in it.
pub(crate) const MAX_WINDOWS: usize = 2;

const TOO_MUCH: &str = "it unpacks to more than 200 times its size, or to more than 16 GiB; the rest was not scanned";
const TOO_MANY: &str = "it has more than 500000 members; the rest was not scanned";

/// What one archive may still become.
#[derive(Debug)]
pub(crate) struct Meter {
    bytes: Cell<u64>,
    members: Cell<u64>,
    spent: Cell<Option<&'static str>>,
}

impl Meter {
    /// For an archive of `size` bytes.
    pub(crate) fn new(size: u64) -> Rc<Meter> {
        let bytes = size.saturating_mul(MAX_RATIO).clamp(FREE_UNPACKED, MAX_UNPACKED);
        Rc::new(Meter { bytes: Cell::new(bytes), members: Cell::new(MAX_MEMBERS), spent: Cell::new(None) })
    }

    /// Why no more may be read, if so.
    pub(crate) fn spent(&self) -> Option<&'static str> {
        self.spent.get()
    }

    /// Counts `bytes` that were unpacked; an error where they were too many.
    pub(crate) fn unpack(&self, bytes: u64) -> io::Result<()> {
        match self.bytes.get().checked_sub(bytes) {
            Some(left) if self.spent.get().is_none() => {
                self.bytes.set(left);
                Ok(())
            }
            _ => Err(self.spend(TOO_MUCH)),
        }
    }

    /// Counts a member; an error where there were too many.
    pub(crate) fn member(&self) -> io::Result<()> {
        match self.members.get().checked_sub(1) {
            Some(left) if self.spent.get().is_none() => {
                self.members.set(left);
                Ok(())
            }
            _ => Err(self.spend(TOO_MANY)),
        }
    }

    fn spend(&self, reason: &'static str) -> io::Error {
        let first = self.spent.get().unwrap_or(reason);
        self.spent.set(Some(first));
        io::Error::other(first)
    }
}

/// What a decoder gives, counted.
#[derive(Debug)]
pub(crate) struct Metered<R> {
    input: R,
    meter: Rc<Meter>,
}

impl<R> Metered<R> {
    /// Counts what `input` gives.
    pub(crate) fn new(input: R, meter: &Rc<Meter>) -> Metered<R> {
        Metered { input, meter: Rc::clone(meter) }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.meter.unpack(length as u64)?;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_stops_once_and_for_all() {
        let meter = Meter::new(10);
        assert!(meter.unpack(FREE_UNPACKED).is_ok());
        assert!(meter.unpack(1).is_err() && meter.member().is_err());
        assert_eq!(meter.spent(), Some(TOO_MUCH));
        let meter = Meter::new(1 << 20);
        assert!(meter.unpack(200 << 20).is_ok() && meter.unpack(1).is_err());
        let meter = Meter::new(u64::MAX);
        assert!((0..MAX_MEMBERS).all(|_| meter.member().is_ok()));
        assert!(meter.member().is_err());
        assert_eq!(meter.spent(), Some(TOO_MANY));
    }

    #[test]
    fn the_messages_state_the_limits() {
        assert!(
            TOO_MUCH.contains(&format!("{MAX_RATIO} times"))
                && TOO_MUCH.contains(&format!("{} GiB", MAX_UNPACKED >> 30))
        );
        assert!(TOO_MANY.contains(&MAX_MEMBERS.to_string()));
    }
}
