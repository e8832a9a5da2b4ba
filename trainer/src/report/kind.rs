//! The field `kind` of result files: the first thing in each of them says what the rest is. A kind
//! is a type of one value, so a file of another kind is refused where it is read. Files from before
//! there was such a field have none, and are read as what their reader expects.

/// A kind with its word in files.
macro_rules! kind {
    ($name:ident, $word:literal) => {
        #[doc = concat!("The kind `", $word, "`.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            /// The only one.
            #[default]
            #[serde(rename = $word)]
            Only,
        }
    };
}

kind!(StudyKind, "study");
kind!(BenchKind, "bench");
kind!(ExplanationKind, "explanation");
kind!(InteractKind, "interact");
kind!(LabelsKind, "labels");
kind!(DescriptionsKind, "descriptions");
kind!(DescriberKind, "describer");
kind!(TeachKind, "teach");

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    struct File {
        #[serde(default)]
        kind: LabelsKind,
    }

    #[test]
    fn a_file_says_its_kind_and_one_of_another_kind_is_refused() {
        assert_eq!(serde_json::to_string(&File { kind: LabelsKind::Only }).unwrap(), r#"{"kind":"labels"}"#);
        assert!(serde_json::from_str::<File>("{}").is_ok(), "older files have none");
        let refusal = serde_json::from_str::<File>(r#"{"kind":"study"}"#).unwrap_err().to_string();
        assert!(refusal.contains("`study`") && refusal.contains("`labels`"), "{refusal}");
    }
}
