//! NIfTI-1 (<https://nifti.nimh.nih.gov/nifti-1>) in one file, plain or gzip, of either byte order.

use crate::{
    MAX_SIDE,
    geometry::Geometry,
    gzip,
    sample::Sample,
    volume::{Volume, Voxels, length},
};

/// Length of the header with the four bytes that announce extensions.
const HEADER: usize = 352;

/// More slices than any series has.
const MAX_SLICES: usize = 10_000;

/// Why bytes are not read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NiftiError {
    /// No NIfTI-1 at all.
    #[error("this is not a NIfTI-1 file")]
    NotNifti,
    /// Another form of the format.
    #[error("it is {0}: save it as NIfTI-1 in one file (.nii or .nii.gz)")]
    Form(&'static str),
    /// Packed data that are damaged.
    #[error("its gzip data are damaged ({0}): copy or save it again")]
    Gzip(String),
    /// Sizes that cannot be.
    #[error("its sizes {0:?} cannot be")]
    Sizes([i16; 8]),
    /// Several volumes.
    #[error("it holds {0} volumes (time points or channels): save one alone")]
    Volumes(i64),
    /// A type that is not read.
    #[error("values of type {0} are not read: save it with integers or floating-point numbers")]
    Type(i16),
    /// A place of the data that cannot be.
    #[error("its data begin at byte {0}, which cannot be")]
    Offset(f32),
    /// Fewer data than the header claims.
    #[error("its data end early: {found} of {wanted} bytes")]
    Short {
        /// What is there.
        found: usize,
        /// What the header claims.
        wanted: usize,
    },
}

/// Reads a volume. Nothing is reserved for what is not there.
///
/// # Errors
/// See [`NiftiError`].
pub fn read(bytes: &[u8]) -> Result<Volume, NiftiError> {
    let packed = gzip::is_gzip(bytes);
    let inflate = |most| gzip::inflate(bytes, most).map_err(|e| NiftiError::Gzip(e.to_string()));
    let head = if packed { inflate(HEADER)? } else { bytes[..bytes.len().min(HEADER)].to_vec() };
    let header = Header::of(&head)?;
    let sizes = header.sizes()?;
    let sample = header.sample()?;
    let offset = header.offset()?;
    let length = length(sizes, sample.bytes());
    let all = if packed { inflate(length.saturating_add(offset))? } else { bytes.to_vec() };
    let data = all.get(offset..).unwrap_or_default();
    if data.len() < length {
        return Err(NiftiError::Short { found: data.len(), wanted: length });
    }
    Ok(Volume {
        sizes,
        geometry: header.geometry(),
        sample,
        big_endian: header.big_endian,
        scale: header.scale(),
        bytes: data[..length].to_vec(),
    })
}

struct Header<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Header<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, NiftiError> {
        let length: [u8; 4] = bytes.get(..4).and_then(|b| b.try_into().ok()).ok_or(NiftiError::NotNifti)?;
        let big_endian = match (i32::from_le_bytes(length), i32::from_be_bytes(length)) {
            (348, _) => false,
            (_, 348) => true,
            (540, _) | (_, 540) => return Err(NiftiError::Form("NIfTI-2")),
            _ => return Err(NiftiError::NotNifti),
        };
        match bytes.get(344..348) {
            Some(b"n+1\0") => Ok(Self { bytes, big_endian }),
            Some(b"ni1\0") => Err(NiftiError::Form("a header whose data lie in another file (.hdr and .img)")),
            Some(_) => Err(NiftiError::Form("Analyze 7.5, which does not say where it lies")),
            None => Err(NiftiError::Short { found: bytes.len(), wanted: 348 }),
        }
    }

    fn number(&self, at: usize, sample: Sample) -> f64 {
        sample.read(&self.bytes[at..at + sample.bytes()], self.big_endian)
    }

    fn float(&self, at: usize) -> f64 {
        self.number(at, Sample::F32)
    }

    fn short(&self, at: usize) -> i16 {
        self.number(at, Sample::I16) as i16
    }

    fn sizes(&self) -> Result<[usize; 3], NiftiError> {
        let dim: [i16; 8] = std::array::from_fn(|i| self.short(40 + 2 * i));
        let count = usize::try_from(dim[0]).ok().filter(|n| (2..=7).contains(n)).ok_or(NiftiError::Sizes(dim))?;
        let size = |axis: usize| if axis <= count { i64::from(dim[axis]) } else { 1 };
        let volumes = (4..=7).fold(1i64, |product, axis| product.saturating_mul(size(axis).max(1)));
        if volumes != 1 {
            return Err(NiftiError::Volumes(volumes));
        }
        let limits = [MAX_SIDE, MAX_SIDE, MAX_SLICES];
        let sizes = [1, 2, 3].map(|axis| usize::try_from(size(axis)).unwrap_or(0));
        let fits = sizes.iter().zip(limits).all(|(size, limit)| (1..=limit).contains(size));
        if fits { Ok(sizes) } else { Err(NiftiError::Sizes(dim)) }
    }

    fn sample(&self) -> Result<Sample, NiftiError> {
        Ok(match self.short(70) {
            2 => Sample::U8,
            4 => Sample::I16,
            8 => Sample::I32,
            16 => Sample::F32,
            64 => Sample::F64,
            256 => Sample::I8,
            512 => Sample::U16,
            768 => Sample::U32,
            1024 => Sample::I64,
            1280 => Sample::U64,
            other => return Err(NiftiError::Type(other)),
        })
    }

    fn offset(&self) -> Result<usize, NiftiError> {
        let offset = self.float(108);
        // Extensions lie between the header and the data.
        let fits = (348.0..=1e8).contains(&offset) && offset.fract() == 0.0;
        if fits { Ok(offset as usize) } else { Err(NiftiError::Offset(offset as f32)) }
    }

    /// A slope of 0, or one that is not finite, means that values are not scaled.
    fn scale(&self) -> [f64; 2] {
        let [slope, intercept] = [self.float(112), self.float(116)];
        if slope.is_finite() && slope != 0.0 && intercept.is_finite() { [slope, intercept] } else { [1.0, 0.0] }
    }

    /// The affine of `sform`, else that of `qform`; NIfTI counts right-anterior-superior.
    fn geometry(&self) -> Option<Geometry> {
        let [qform, sform] = [self.short(252), self.short(254)];
        // Columns: the three steps and the origin.
        let columns = match (sform > 0, qform > 0) {
            (true, _) => {
                std::array::from_fn(|column| std::array::from_fn(|row| self.float(280 + 16 * row + 4 * column)))
            }
            (false, true) => self.quaternion(),
            _ => return None,
        };
        let unit = match self.bytes[123] & 7 {
            1 => 1000.0,
            3 => 0.001,
            _ => 1.0,
        };
        let [x, y, z, origin] = columns.map(|[r, a, s]: [f64; 3]| [-r * unit, -a * unit, s * unit]);
        let steps = [x, y, z];
        let geometry = Geometry { origin, steps };
        geometry.index_of(origin).filter(|i| i.iter().all(|v| v.is_finite())).map(|_| geometry)
    }

    fn quaternion(&self) -> [[f64; 3]; 4] {
        let [b, c, d] = [256, 260, 264].map(|at| self.float(at));
        let a = (1.0 - b * b - c * c - d * d).max(0.0).sqrt();
        let handed = if self.float(76) < 0.0 { -1.0 } else { 1.0 };
        let [dx, dy, dz] = [80, 84, 88].map(|at| self.float(at));
        let columns = [
            ([a * a + b * b - c * c - d * d, 2.0 * (b * c + a * d), 2.0 * (b * d - a * c)], dx),
            ([2.0 * (b * c - a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d + a * b)], dy),
            ([2.0 * (b * d + a * c), 2.0 * (c * d - a * b), a * a + d * d - b * b - c * c], dz * handed),
        ];
        let [x, y, z] = columns.map(|(column, length)| column.map(|v| v * length));
        [x, y, z, [268, 272, 276].map(|at| self.float(at))]
    }
}

/// A mask as a NIfTI-1 file, not compressed. Without a place the file says none.
///
/// # Panics
/// Another number of values than the sizes say, or a side above 32,767.
pub fn write(voxels: &Voxels, geometry: Option<Geometry>) -> Vec<u8> {
    assert_eq!(voxels.values.len(), voxels.sizes.iter().product::<usize>(), "one value a voxel");
    let mut file = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    put(40, &3i16.to_le_bytes());
    for (axis, size) in voxels.sizes.iter().chain([1usize; 4].iter()).enumerate() {
        let size = i16::try_from(*size).unwrap_or_else(|_| panic!("a side of {size} voxels is too long for NIfTI-1"));
        put(42 + 2 * axis, &size.to_le_bytes());
    }
    put(70, &2i16.to_le_bytes());
    put(72, &8i16.to_le_bytes());
    put(76, &1f32.to_le_bytes());
    put(108, &(HEADER as f32).to_le_bytes());
    put(112, &1f32.to_le_bytes());
    // Millimetres.
    put(123, &[2]);
    put(344, b"n+1\0");
    if let Some(Geometry { origin, steps }) = geometry {
        put(254, &1i16.to_le_bytes());
        for (column, vector) in steps.iter().chain([&origin]).enumerate() {
            for (row, value) in [-vector[0], -vector[1], vector[2]].into_iter().enumerate() {
                put(280 + 16 * row + 4 * column, &(value as f32).to_le_bytes());
            }
        }
        for (axis, step) in steps.iter().enumerate() {
            put(80 + 4 * axis, &(crate::geometry::norm(*step) as f32).to_le_bytes());
        }
    }
    file.extend_from_slice(voxels.values);
    file
}
