//! Numbers as volumes store them.

/// The type of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sample {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
}

impl Sample {
    /// Bytes of one number.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// One number from its bytes.
    pub(crate) fn read(self, bytes: &[u8], big_endian: bool) -> f64 {
        let mut value = [0; 8];
        value[..bytes.len()].copy_from_slice(bytes);
        if big_endian {
            value[..bytes.len()].reverse();
        }
        let value = u64::from_le_bytes(value);
        match self {
            Self::U8 | Self::U16 | Self::U32 | Self::U64 => value as f64,
            Self::I8 => f64::from(value as u8 as i8),
            Self::I16 => f64::from(value as u16 as i16),
            Self::I32 => f64::from(value as u32 as i32),
            Self::I64 => value as i64 as f64,
            Self::F32 => f64::from(f32::from_bits(value as u32)),
            Self::F64 => f64::from_bits(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_either_order() {
        assert_eq!(Sample::I16.read(&(-2i16).to_be_bytes(), true), -2.0);
        assert_eq!(Sample::U16.read(&[1, 2], false), 513.0);
        assert_eq!(Sample::F32.read(&1.5f32.to_be_bytes(), true), 1.5);
        assert_eq!(Sample::F64.read(&(-0.25f64).to_le_bytes(), false), -0.25);
        assert_eq!(Sample::I64.read(&(-9i64).to_le_bytes(), false), -9.0);
        assert_eq!(Sample::I8.read(&[0xff], false), -1.0);
    }
}
