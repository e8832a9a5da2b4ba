//! Why a DICOM file is not read.

use dicom_core::Tag;

/// Why a DICOM file is not read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DicomError {
    /// Other bytes.
    #[error("this is not a DICOM file: `DICM` is not at byte 128")]
    NotDicom,
    /// Bytes that do not follow the format.
    #[error("the DICOM file is damaged ({0}): copy it again")]
    Damaged(String),
    /// An element that is longer than the rest of the file.
    #[error(
        "its element {tag} claims {claimed} bytes and {left} follow: the file is cut short or damaged, copy it again"
    )]
    Cut {
        /// The element.
        tag: Tag,
        /// Bytes that it claims.
        claimed: u64,
        /// Bytes that are there.
        left: u64,
    },
    /// Sequences in sequences.
    #[error("its sequences lie {0} deep in each other: the file is damaged")]
    Deep(usize),
    /// A deflated data set of unlikely size.
    #[error("its deflated data set is larger than {0} MiB")]
    Large(usize),
    /// A transfer syntax that is not read.
    #[error("its transfer syntax is {name} ({uid}), which is not read: unpack it first, for instance with `{remedy}`")]
    Syntax {
        /// The name in the standard, or `private`.
        name: String,
        /// The UID.
        uid: String,
        /// A command line.
        remedy: &'static str,
    },
    /// An element that must be there.
    #[error("it has no element {name} {tag}")]
    Missing {
        /// The element.
        tag: Tag,
        /// Its name.
        name: &'static str,
    },
    /// An element whose value cannot be.
    #[error("its element {name} is `{value}`, which cannot be")]
    Value {
        /// Its name.
        name: &'static str,
        /// What is there.
        value: String,
    },
    /// No pixels.
    #[error("it holds no pixels (SOP class {0})")]
    NoPixels(String),
    /// Floating-point pixels.
    #[error("its pixels are floating-point numbers, which are not read: convert it to integers")]
    FloatPixels,
    /// Bits that are not read.
    #[error(
        "its pixels have {stored} of {allocated} bits, the highest at {high}; only whole bytes and words are read: \
         convert it, for instance with `gdcmconv --raw IN OUT`"
    )]
    Bits {
        /// BitsAllocated.
        allocated: usize,
        /// BitsStored.
        stored: usize,
        /// HighBit.
        high: usize,
    },
    /// A photometric interpretation that is not read.
    #[error(
        "its PhotometricInterpretation is {found} with {samples} samples a pixel, which is not read: convert it to \
         MONOCHROME2 or RGB"
    )]
    Photometric {
        /// What is there.
        found: String,
        /// SamplesPerPixel.
        samples: usize,
    },
    /// A frame that is not there.
    #[error("it has {frames} frames; there is no frame {}", .index + 1)]
    NoFrame {
        /// How many there are.
        frames: usize,
        /// The one that was asked for, from 0.
        index: usize,
    },
    /// Fewer pixels than the header says.
    #[error("its pixels end early: {found} bytes of {wanted} in frame {}", .frame + 1)]
    Short {
        /// Bytes that are there.
        found: usize,
        /// Bytes that the header asks for.
        wanted: usize,
        /// The frame, from 0.
        frame: usize,
    },
    /// Packed pixels that do not say where frames begin.
    #[error(
        "its {frames} frames lie in {fragments} pieces and nothing says which piece is whose: unpack it, for instance \
         with `gdcmconv --raw IN OUT`"
    )]
    Fragments {
        /// Frames.
        frames: usize,
        /// Fragments.
        fragments: usize,
    },
    /// A packed frame that cannot be unpacked.
    #[error("frame {} of its {codec} pixels cannot be unpacked: {reason}", .frame + 1)]
    Codec {
        /// The compression.
        codec: &'static str,
        /// The frame, from 0.
        frame: usize,
        /// Why.
        reason: String,
    },
    /// A table that cannot be used.
    #[error("its {0} cannot be used: it is damaged or of a form that is not read")]
    Table(&'static str),
}
