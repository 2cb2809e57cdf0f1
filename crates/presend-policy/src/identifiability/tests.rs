use presend_detect::Label;
use presend_text::Span;
use proptest::prelude::*;

use super::subject::{Birth, Bound, Profession, Sex, Spot, UK};
use super::*;

/// A message whose findings are marked as in the corpora: `[[AGE|43]]M from [[PLACE|Mousehole]]`.
fn marked(text: &str) -> (String, Vec<Finding>) {
    let (mut plain, mut findings, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once("[[") {
        let (inside, tail) = after.split_once("]]").expect("an end");
        let (label, words) = inside.split_once('|').expect("a label");
        let (label, role) = label.split_once(':').map_or((label, None), |(label, role)| (label, Some(role)));
        plain.push_str(before);
        let start = plain.len();
        plain.push_str(words);
        findings.push(Finding {
            span: Span::new(start, plain.len()),
            label: label.parse().expect("a label of the guideline"),
            role: role.and_then(|role| {
                presend_detect::Role::ALL.iter().copied().find(|known| known.name() == role)
            }),
            confidence: 0.9,
            rule: "test",
            evidence: Vec::new(),
        });
        rest = tail;
    }
    plain.push_str(rest);
    (plain, findings)
}

fn read(text: &str) -> Facets {
    let (plain, findings) = marked(text);
    Facets::read(&plain, &findings, |_| false)
}

fn names(facets: FacetSet) -> String {
    facets.iter().map(Facet::name).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_worked_example() {
    let estimate = read("[[AGE|43]]M [[PROFESSION|goalkeeper]] from [[PLACE|Mousehole]]").estimate(None);
    assert_eq!(estimate.class, Class::Identified);
    assert!(estimate.people < 1.05 && estimate.high < 1.5, "{estimate:?}");
    assert_eq!(names(estimate.facets), "age, sex, place, occupation");

    let without_job = read("[[AGE|43]]M from [[PLACE|Mousehole]]").estimate(None);
    assert_eq!(without_job.class, Class::Likely);
    let without_place = read("[[AGE|43]]M [[PROFESSION|goalkeeper]]").estimate(None);
    assert!((1_000.0..2_000.0).contains(&without_place.people), "{without_place:?}");
    let age_only = read("[[AGE|43]]M").estimate(None);
    assert_eq!(age_only.class, Class::Remote);
    assert!((300_000.0..500_000.0).contains(&age_only.people), "{age_only:?}");
}

#[test]
fn nothing_known_is_everybody() {
    for (catchment, people) in [(None, UK), (Some(9_500), 9_500.0), (Some(0), 1.0), (Some(u64::MAX), UK)] {
        let estimate = read("K 2.9, sando-k given").estimate(catchment);
        assert_eq!((estimate.people, estimate.low, estimate.high), (people, people, people));
        assert_eq!((estimate.class, estimate.assumptions.len()), (Class::Remote, 0));
    }
    assert!(read("").is_empty());
}

#[test]
fn facets_are_read_from_the_words_under_findings() {
    let cases = [
        ("[[AGE|82]]F nof#", "age, sex"),
        ("f[[AGE|82]] nof#", "age, sex"),
        ("lady, [[AGE|82]], nof#", "age, sex"),
        ("[[AGE|43]] yo male", "age, sex"),
        ("[[AGE|43]] for TTO", "age"),
        ("he wants his tea, [[PLACE|Leeds]]", "sex, place"),
        ("he says she fell in [[PLACE|Leeds]]", "place"),
        ("lives in [[POSTCODE|TN38]]", "postcode district"),
        ("lives in [[POSTCODE|echo one]]", "postcode district"),
        ("lives at [[POSTCODE|TN38 9QZ]]", "direct identifier"),
        ("[[DEMOGRAPHIC|Polish]] [[DEMOGRAPHIC|Catholic]]", "origin, religion"),
        ("pt has Huntington's", "rare condition"),
        ("pt has Parkinson's and is off legs", "rare condition"),
        ("pt has Parkinson\u{2019}s and is off legs", "rare condition"),
        ("Ehlers-Danlos, hypermobile", "rare condition"),
        ("'she's fine' says [[PLACE|Leeds]]", "sex, place"),
        ("known MND, for PEG", "rare condition"),
        ("?MND for review, not sickle cell", ""),
        ("msa sent, als guidelines, the eds were busy", ""),
        ("[[WARD_BED|7B bed 12]]", "ward or bed"),
        ("clinic [[DATE|3rd March]]", "date"),
        ("[[PERSON:patient|JS]] stable", "initials"),
        ("[[PERSON:patient|J.S.]] stable", "initials"),
        ("[[PERSON:patient|Jo]] stable", "direct identifier"),
        ("[[PERSON:unknown|Okafor]] stable", "direct identifier"),
        ("[[PERSON:relative|Nadia]] collecting", "direct identifier"),
        ("bleep [[PHONE|1874]]", ""),
        ("ring [[PHONE|07700 900123]]", "direct identifier"),
        ("Dr [[PERSON:staff|Chen]] GMC [[PROFESSIONAL_ID|7123456]]", ""),
        ("[[NHS_NUMBER|999 123 4004]]", "direct identifier"),
        ("dob [[DATE_OF_BIRTH|3.2.61]]", "direct identifier, date of birth"),
        ("dob [[DATE_OF_BIRTH|260583]]", "direct identifier, date of birth"),
        ("dob [[DATE_OF_BIRTH|third of the second sixty one]]", "direct identifier"),
        ("born the [[DATE_OF_BIRTH|seventh]]", "date of birth"),
        ("she turns 88 on [[DATE_OF_BIRTH|9 June]]", "sex, date of birth"),
        ("[[PROFESSION|retired headteacher]]", "occupation"),
        ("under [[ORGANISATION|Wharfside Surgery]]", "organisation"),
        ("Ｌady of [[AGE|８２]]", "age, sex"),
    ];
    for (text, facets) in cases {
        assert_eq!(names(read(text).facets()), facets, "{text}");
    }
}

#[test]
fn in_a_long_message_only_near_pronouns_count() {
    let filler = "bloods and a chest film were done and both were fine. ".repeat(6);
    let far = read(&format!("she rang. {filler}[[AGE|82]], [[PLACE|Leeds]]"));
    assert_eq!(names(far.facets()), "age, place");
    let near = read(&format!("{filler}she is [[AGE|82]], [[PLACE|Leeds]]"));
    assert_eq!(names(near.facets()), "age, sex, place");
}

#[test]
fn findings_that_are_taken_out_do_not_count() {
    let (text, findings) = marked("[[AGE|82]]F from [[PLACE|Mousehole]], nhs [[NHS_NUMBER|999 123 4004]]");
    let facets = Facets::read(&text, &findings, |finding| finding != 1);
    assert_eq!(names(facets.facets()), "sex, place", "the letter stays where the age goes");
    assert!(Facets::read(&text, &[], |_| false).is_empty());
}

#[test]
fn a_direct_identifier_is_one_person_whatever_else() {
    for text in
        ["[[PERSON:patient|Okafor]]", "[[PERSON:patient|Okafor]] [[AGE|82]]F", "[[ADDRESS|4 Mill Lane]]"]
    {
        let estimate = read(text).estimate(None);
        assert_eq!((estimate.class, estimate.people, estimate.high), (Class::Identified, 1.0, 1.0), "{text}");
    }
}

#[test]
fn figures_are_of_the_expected_size() {
    let cases = [
        ("from [[PLACE|Mousehole]]", None, 697.0, 697.0),
        ("from [[PLACE|St. Ives]]", None, 5_000.0, 30_000.0),
        ("from [[PLACE|Newport]]", None, 200_000.0, 220_000.0),
        ("from [[PLACE|north Leeds]]", None, 500_000.0, 550_000.0),
        ("from [[PLACE|Nowhereton]]", None, 3_000.0, 3_000.0),
        ("from [[PLACE|Penzance, Cornwall]]", None, 19_000.0, 20_000.0),
        ("from [[PLACE|Leeds]]", Some(9_500), 9_500.0, 9_500.0),
        ("at [[ORGANISATION|The Limes Surgery]]", None, 9_500.0, 9_500.0),
        ("at [[ORGANISATION|Ysgol Gelli]]", None, 500.0, 500.0),
        ("at [[ORGANISATION|Sycamore Lodge]]", None, 40.0, 40.0),
        ("[[WARD_BED|ward 7B]]", None, 36_000.0, 37_000.0),
        ("[[WARD_BED|ward 7B]]", Some(350_000), 30.0, 30.0),
        ("[[WARD_BED|ward 7B bed 12]]", Some(350_000), 1.0, 1.0),
        ("[[WARD_BED|12]]", Some(350_000), 1.0, 1.0),
        ("[[WARD_BED|C4 b7]]", Some(350_000), 1.0, 1.0),
        ("[[WARD_BED|7B]]", Some(350_000), 30.0, 30.0),
        ("[[WARD_BED|Snowdrop]]", Some(350_000), 30.0, 30.0),
        ("[[WARD_BED|bay 2]]", Some(350_000), 6.0, 6.0),
        ("[[AGE|day 9]]", None, 1_500.0, 2_500.0),
        ("[[AGE|104]]", None, 500.0, 2_500.0),
        ("[[AGE|30s]]", None, 8_000_000.0, 10_000_000.0),
        ("[[PROFESSION|scaffolder]]", None, 20_000.0, 40_000.0),
        ("[[PROFESSION|retired scaffolder]]", None, 8_000.0, 16_000.0),
        ("[[PROFESSION|oil rig scaffolder]]", None, 5_000.0, 10_000.0),
        ("[[AGE|43]]F [[PROFESSION|scaffolder]]", None, 1.0, 10.0),
        ("[[AGE|43]]M [[PROFESSION|scaffolder]]", None, 300.0, 1_500.0),
        ("[[DEMOGRAPHIC|Sikh]]", None, 500_000.0, 600_000.0),
        ("has Huntington's disease", None, 8_000.0, 8_001.0),
        ("adm [[DATE|12/3]]", Some(350_000), 1_700.0, 1_800.0),
        ("adm [[DATE|Mar 2019]]", Some(350_000), 49_000.0, 51_000.0),
        ("[[PERSON:patient|JS]]", Some(9_500), 64.0, 65.0),
        ("born [[DATE_OF_BIRTH|9 June]]", Some(9_500), 26.0, 28.0),
        ("born [[DATE_OF_BIRTH|March]]", Some(12_000), 999.0, 1_002.0),
    ];
    for (text, catchment, low, high) in cases {
        let people = read(text).estimate(catchment).people;
        assert!((low - 0.01..=high + 1.0).contains(&people), "{text}: {people}");
    }
}

#[test]
fn a_conversation_adds_up() {
    let mut conversation = Facets::default();
    let classes = ["[[AGE|43]]M, knee", "he's the [[PROFESSION|goalkeeper]]", "from [[PLACE|Mousehole]]"]
        .map(|text| {
            conversation.add(&read(text));
            conversation.estimate(None).class
        });
    assert_eq!(classes, [Class::Remote, Class::Remote, Class::Identified]);
    let at_once = read("[[AGE|43]]M, the [[PROFESSION|goalkeeper]] from [[PLACE|Mousehole]]").estimate(None);
    assert_eq!(conversation.estimate(None).people, at_once.people);
}

#[test]
fn another_person_starts_afresh_and_the_nearer_one_is_kept() {
    let mut conversation = read(
        "[[AGE|43]]M [[PROFESSION|goalkeeper]] from [[PLACE|Mousehole]], at [[ORGANISATION|Quay Surgery]]",
    );
    let first = conversation.estimate(None);
    conversation.add(&read("[[AGE|82]]F nof#"));
    assert_eq!(names(conversation.facets()), "age, sex, organisation");
    assert_eq!(conversation.estimate(None), first);
    conversation.add(&read("[[NHS_NUMBER|999 123 4004]]"));
    assert!(conversation.estimate(None).facets.contains(Facet::Direct));

    let two = read("[[AGE|82]]F nof#, and [[AGE|43]]M [[PROFESSION|goalkeeper]] he's fine");
    assert_eq!(names(two.facets()), "age, sex, occupation");
}

#[test]
fn debug_shows_no_values_and_serialisation_reads_back() {
    let facets = read("[[AGE|43]]M [[PROFESSION|goalkeeper]] from [[PLACE|Mousehole]]");
    let shown = format!("{facets:?}");
    assert_eq!(shown, "Facets { now: {Age, Sex, Place, Profession}, before: None }");
    let json = serde_json::to_string(&facets).expect("JSON");
    assert_eq!(serde_json::from_str::<Facets>(&json).expect("reads back"), facets);
    assert!(!json.contains("ousehole") && !json.contains("oalkeeper"));
    let estimate = serde_json::to_value(facets.estimate(None)).expect("JSON");
    assert_eq!(estimate["class"], "identified");
    assert_eq!(estimate["facets"], serde_json::json!(["age", "sex", "place", "occupation"]));
}

#[test]
fn assumptions_are_named() {
    let cases = [
        ("from [[PLACE|Nowhereton]]", "lacks counts as 3,000"),
        ("at [[ORGANISATION|Turning Tide]]", "20,000 people, give or take a factor of 25"),
        ("[[PROFESSION|tin whistle teacher]]", "more special"),
        ("[[PROFESSION|zymurgist]]", "20,000 people, give or take a factor of ten"),
        ("[[DEMOGRAPHIC|Tetum]]", "30,000 people"),
        ("she is in [[PLACE|Leeds]]", "pronoun"),
        ("[[WARD_BED|ward 7]]", "1,216 hospitals"),
        ("[[AGE|9]]M, dad a [[PROFESSION|baker]]", "parent's"),
        ("[[DATE|12/3]]", "1 person in 200"),
        ("born [[DATE_OF_BIRTH|1961]]", "an age in 2022"),
    ];
    for (text, part) in cases {
        let assumptions = read(text).estimate(None).assumptions;
        assert!(assumptions.iter().any(|assumption| assumption.contains(part)), "{text}: {assumptions:?}");
    }
}

fn share() -> impl Strategy<Value = Option<Bound>> {
    prop::option::of((1e-7..0.9_f64, 1.0..10.0_f64).prop_map(|(point, factor)| Bound::new(point, factor)))
}

fn circle() -> impl Strategy<Value = Option<Bound>> {
    prop::option::of((1.0..9e6_f64, 1.0..10.0_f64).prop_map(|(point, factor)| Bound::new(point, factor)))
}

fn subject() -> impl Strategy<Value = Subject> {
    let who = (
        prop::option::of((0.0..105.0_f32, prop_oneof![Just(0.02_f32), Just(1.0), Just(5.0), Just(10.0)])),
        prop::option::of(prop_oneof![Just(Sex::Male), Just(Sex::Female)]),
        prop::option::of((
            prop::option::of(1_930_u16..2_022),
            prop::option::of(1_u8..13),
            prop::option::of(1_u8..29),
        )),
        prop::option::of((60.0..5e6_f64, 1.0..8.0_f64, 0.01..0.99_f64, any::<bool>())),
    );
    let where_ = (
        circle(),
        circle(),
        circle(),
        prop::option::of(prop_oneof![Just(Spot::Bed), Just(Spot::Bay), Just(Spot::Ward)]),
    );
    (who, where_, share(), share(), share(), share(), any::<bool>()).prop_map(
        |(
            (age, sex, birth, profession),
            (place, postcode, organisation, spot),
            origin,
            religion,
            condition,
            event,
            initials,
        )| {
            Subject {
                age: age.map(|(low, width)| (low, low + width)),
                sex,
                birth: birth.map(|(year, month, day)| Birth { year, month, day }),
                profession: profession.map(|(people, factor, women, retired)| Profession {
                    people: Bound::new(people, factor),
                    women,
                    men: 1.0 - women,
                    retired,
                }),
                place,
                postcode,
                organisation,
                spot,
                origin,
                religion,
                condition,
                event,
                initials,
                ..Subject::default()
            }
        },
    )
}

/// The subject with one facet left out, for each that it has.
fn with_one_less(subject: &Subject) -> Vec<Subject> {
    let all: [fn(&mut Subject); 13] = [
        |s| s.age = None,
        |s| s.sex = None,
        |s| s.birth = None,
        |s| s.profession = None,
        |s| s.place = None,
        |s| s.postcode = None,
        |s| s.organisation = None,
        |s| s.spot = None,
        |s| s.origin = None,
        |s| s.religion = None,
        |s| s.condition = None,
        |s| s.event = None,
        |s| s.initials = false,
    ];
    let less = all.iter().map(|leave_out| {
        let mut less = *subject;
        leave_out(&mut less);
        less
    });
    less.filter(|less| less != subject && !less.facets().is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn estimates_are_finite_and_in_order(subject in subject(), catchment in prop::option::of(0_u64..100_000_000)) {
        let estimate = subject.estimate(catchment);
        prop_assert!(estimate.low.is_finite() && estimate.high.is_finite());
        prop_assert!(1.0 <= estimate.low && estimate.low <= estimate.people && estimate.people <= estimate.high);
        prop_assert!(estimate.people <= catchment.map_or(UK, |people| (people as f64).clamp(1.0, UK)));
    }

    #[test]
    fn one_facet_more_never_raises_the_estimate(subject in subject(), catchment in prop::option::of(1_u64..100_000_000)) {
        let with = subject.estimate(catchment);
        for less in with_one_less(&subject) {
            let without = less.estimate(catchment);
            prop_assert!(with.people <= without.people * 1.000_000_1, "{with:?} {without:?}");
            // The high end may rise a little where a facet says next to nothing.
            prop_assert!(with.high <= without.high * 1.25 + 0.1, "{with:?} {without:?}");
        }
    }

    #[test]
    fn a_bigger_catchment_never_lowers_the_estimate(subject in subject(), a in 0_u64..80_000_000, b in 0_u64..80_000_000) {
        let (small, big) = (subject.estimate(Some(a.min(b))), subject.estimate(Some(a.max(b))));
        prop_assert!(small.people <= big.people && small.high <= big.high * 1.000_000_1);
        prop_assert!(small.class <= big.class);
        prop_assert!(big.people <= subject.estimate(None).people);
    }

    #[test]
    fn adding_a_message_never_raises_the_estimate(a in subject(), b in subject()) {
        let before = Facets { subject: a, before: None };
        let mut after = before;
        after.add(&Facets { subject: b, before: None });
        if !before.is_empty() {
            prop_assert!(after.estimate(None).class <= before.estimate(None).class);
            if !a.contradicts(&b) {
                prop_assert!(after.estimate(None).people <= before.estimate(None).people * 1.000_000_1);
            }
        }
        prop_assert!(std::mem::size_of::<Facets>() < 1_000);
    }

    #[test]
    fn any_text_and_spans_can_be_read(text in "\\PC{0,80}", start in 0_usize..90, len in 0_usize..20, label in 0_usize..64) {
        let label = Label::ALL[label % Label::ALL.len()];
        let span = Span::new(start, start + len);
        let finding = Finding { span, label, role: None, confidence: 0.5, rule: "test", evidence: Vec::new() };
        let estimate = Facets::read(&text, &[finding], |_| false).estimate(Some(10_000));
        prop_assert!(estimate.people >= 1.0 && estimate.high.is_finite());
    }

    #[test]
    fn values_from_outside_do_no_harm(point in any::<f64>(), high in any::<f64>(), low in any::<f32>(), top in any::<f32>()) {
        let bound = Some(Bound { point, high });
        let profession = bound.map(|people| Profession { people, women: point, men: high, retired: false });
        let subject = Subject {
            age: Some((low, top)), place: bound, origin: bound, event: bound, profession, sex: Some(Sex::Male), ..Subject::default()
        };
        let estimate = subject.estimate(None);
        prop_assert!(estimate.people >= 1.0 && estimate.people <= UK && estimate.high.is_finite() && estimate.low >= 1.0);
    }
}
