//! A cursor over bytes that were sent by somebody: every read may find that there is nothing left.
//! It never panics and never copies.

use super::Rejection;

pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Rejection> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(Rejection::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Rejection> {
        let (taken, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(Rejection::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Rejection> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16_be(&mut self) -> Result<u16, Rejection> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u16_le(&mut self) -> Result<u16, Rejection> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u24_le(&mut self) -> Result<u32, Rejection> {
        self.array()
            .map(|[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]))
    }

    pub(super) fn u32_be(&mut self) -> Result<u32, Rejection> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u32_le(&mut self) -> Result<u32, Rejection> {
        self.array().map(u32::from_le_bytes)
    }

    /// A length in bytes, as RIFF writes it.
    pub(super) fn length_le(&mut self) -> Result<usize, Rejection> {
        usize::try_from(self.u32_le()?).map_err(|_| Rejection::Truncated)
    }

    /// A length in bytes, as PNG writes it.
    pub(super) fn length_be(&mut self) -> Result<usize, Rejection> {
        usize::try_from(self.u32_be()?).map_err(|_| Rejection::Truncated)
    }
}
