//! The layouts of data sets that the trainer reads.

use fovea_shared::description::Modality;
use serde::{Deserialize, Serialize};

/// How a data set's files are named and where they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Kvasir-SEG as distributed.
    KvasirSeg,
    /// ISIC challenge of 2016, 2017 or 2018, segmentation task.
    Isic,
    /// NCI-ISBI 2013: DICOM and NRRD, or what GazeMedSeg makes of them.
    NciIsbi,
    /// `images/`, `masks/` (optional).
    Folder,
}

impl Layout {
    /// What its images show, where the layout is that of one data set.
    pub fn modality(self) -> Option<Modality> {
        match self {
            Self::KvasirSeg => Some(Modality::Polyp),
            Self::Isic => Some(Modality::SkinLesion),
            Self::NciIsbi => Some(Modality::Prostate),
            Self::Folder => None,
        }
    }

    /// As people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::KvasirSeg => "Kvasir-SEG",
            Self::Isic => "ISIC",
            Self::NciIsbi => "NCI-ISBI",
            Self::Folder => "generic folder",
        }
    }
}
