grading::mutants! {
    what_llms_are_for;
    c1 => counting_like_reference: count_classes { "counts.texts[label] += 1;" => "if lower_words(text).is_empty() { continue } counts.texts[label] += 1;" }
    c2 => counting_like_reference: count_classes { "vec![0; n_classes]" => "vec![0; n_classes.min(256)]" }
    c3 => counting_like_reference: count_classes { "UnknownClass { example, label" => "UnknownClass { example, label: label as u32 as usize" }
    c4 => counting_like_reference: count_classes { "lower_words(text)" => "lower_words(&text.to_lowercase())" }
    c5 => counting_like_reference: count_classes { "examples.is_empty()" => "examples.is_empty() || n_classes == 0" }
    c6 => counting_like_reference: count_classes { "lower_words(text)" => "lower_words(text).into_iter().filter(|word| word.len() < 64)" }
    c7 => counting_like_reference: count_classes { "for (example, &(text, label)) in examples.iter().enumerate()" => "for (example, &(text, label)) in examples.iter().enumerate().take(32)" }
    k1 => classifying_like_reference: classify { "*score += ((of_word[c] as f64 + 1.0) / (counts.words[c] as f64 + vocabulary)).ln();" => "*score = (*score + ((of_word[c] as f64 + 1.0) / (counts.words[c] as f64 + vocabulary)).ln()) as f32 as f64;" }
    k2 => classifying_like_reference: classify { "(n as f64 / all_texts as f64)" => "(n as f64 / all_texts as f64).max(1e-12)" }
    k3 => classifying_like_reference: classify { "lower_words(text)" => "lower_words(&text.to_lowercase())" }
    k4 => classifying_like_reference: classify { "of_word[c] as f64" => "of_word[c] as u32 as f64" }
    k5 => classifying_like_reference: classify { "lower_words(text)" => "lower_words(text).into_iter().take(512)" }
    k6 => classifying_like_reference: classify { "fold(f64::NEG_INFINITY, f64::max)" => "fold(-1e4, f64::max)" }
    k7 => classifying_like_reference: classify { "of_word[c] as f64 + 1.0" => "of_word[c] as f32 as f64 + 1.0" }
    t1 => tagging_like_reference: tag_entities { "max_by_key(|&tag| tags[tag])" => "max_by(|&a, &b| (tags[a] as f64).total_cmp(&(tags[b] as f64)))" }
    t2 => tagging_like_reference: tag_entities { "&text[last.end..word.start] == \" \"" => "text[last.end..word.start].chars().count() == 1 && text[last.end..word.start].trim().is_empty()" }
    t3 => tagging_like_reference: tag_entities { "word.is_capitalized()" => "word.text.starts_with(char::is_uppercase)" }
    t4 => tagging_like_reference: tag_entities { "&word.lower()" => "&word.text.to_lowercase()" }
    t5 => tagging_like_reference: tag_entities { "max_by_key(|&tag| tags[tag])" => "max_by_key(|&tag| tags[tag] as u32)" }
    t6 => tagging_like_reference: tag_entities { "last.kind == kind &&" => "last.kind == kind && last.end - last.start < 24 &&" }
    t7 => tagging_like_reference: tag_entities { "Some(tags) => *tags" => "Some(tags) if *tags != [0; 4] => *tags, Some(_) => continue" }
    a1 => answering_like_reference: answer { "sort_by" => "sort_unstable_by" }
    a2 => answering_like_reference: answer { "sentence.start <= c.start && c.end <= sentence.end" => "sentence.contains(&c.start)" }
    a3 => answering_like_reference: answer { "ranked.into_iter()" => "ranked.into_iter().take(32)" }
    a4 => answering_like_reference: answer { "let mut asked_words = lower_words(question)" => "let mut asked_words = lower_words(&question.to_lowercase())" }
    a5 => answering_like_reference: answer { ".any(is_new)" => ".all(is_new)" }
    a6 => answering_like_reference: answer { "asked_words.dedup();" => "" }
    a7 => answering_like_reference: answer { "|(_, sentence)|" => "|(score, sentence)|", "let inside" => "if !(score > 0.0) { return None } let inside" }
    a8 => answering_like_reference: answer { "b.0.total_cmp(&a.0)" => "(b.0 as f32).total_cmp(&(a.0 as f32))" }
    e1 => training_like_reference: em_round { ".filter(|e| t(e, f) > 0.0)" => "" }
    e2 => training_like_reference: em_round { "t(e, f) / all" => "(t(e, f) / all) as f32 as f64" }
    e3 => training_like_reference: em_round { "t(e, f) > 0.0" => "t(e, f) > 1e-12" }
    e4 => training_like_reference: em_round { "for f in &pair.target" => "for f in pair.target.iter().take(8)" }
    e5 => training_like_reference: em_round { "for f in &pair.target" => "for f in pair.target.iter().collect::<BTreeSet<_>>()" }
    e6 => training_like_reference: em_round { "t(e, f) / all" => "t(e, f) / (all + 1e-12)" }
    e7 => training_like_reference: em_round { "for pair in pairs" => "for pair in &pairs[..pairs.len().min(16)]" }
    l1 => translating_like_reference: translate { "a.1.total_cmp(b.1)" => "(*a.1 as f32).total_cmp(&(*b.1 as f32))" }
    l2 => translating_like_reference: translate { ".flatten().rev()" => ".flatten().rev().filter(|(_, t)| **t > 0.0)" }
    l3 => translating_like_reference: translate { "table.get(e)" => "table.get(&e.to_ascii_lowercase())" }
    l4 => translating_like_reference: translate { "map_or(e, |(f, _)| f).clone()" => "map(|(f, _)| f.clone()).unwrap_or_default()" }
    l5 => translating_like_reference: translate { "a.1.total_cmp(b.1)" => "((a.1 * 1e6) as i64).cmp(&((b.1 * 1e6) as i64))" }
    s1 => summarizing_like_reference: summarize { "words.len().max(1) as f64" => "words.len() as f64" }
    s2 => summarizing_like_reference: summarize { "n_sentences.min(places.len())" => "n_sentences.max(1).min(places.len())" }
    s3 => summarizing_like_reference: summarize { "!chosen.contains(i)" => "!chosen.iter().any(|c| contents[*c] == contents[*i])" }
    s4 => summarizing_like_reference: summarize { "(0..places.len()).rev()" => "(0..places.len().min(16)).rev()" }
    s5 => summarizing_like_reference: summarize { "let distinct: BTreeSet<&String>" => "let distinct: Vec<&String>" }
    s6 => summarizing_like_reference: summarize { "if places.is_empty()" => "if n_sentences == 0 { return Ok(Vec::new()) } if places.is_empty()" }
    s7 => summarizing_like_reference: summarize { "let mut chosen: Vec<usize> = Vec::new()" => "let mut chosen: Vec<usize> = Vec::with_capacity(n_sentences)" }
    s8 => summarizing_like_reference: summarize { "lower_words(sentence).into_iter()" => "lower_words(&sentence.to_lowercase()).into_iter()" }
    s9 => summarizing_like_reference: summarize { "*p.entry(word).or_default() += 1.0 / all;" => "*p.entry(word).or_default() += 1.0 / all; let q = p[word.as_str()] as f32 as f64; p.insert(word, q);" }
    s10 => summarizing_like_reference: summarize { "if places.is_empty()" => "if places.is_empty() || places.iter().all(|s| content0(&text[s.clone()]).is_empty())", "let places = sentences(text);" => "let places = sentences(text); let content0 = |s: &str| -> Vec<String> { lower_words(s).into_iter().filter(|w| !STOP_WORDS.contains(&w.as_str())).collect() };" }
    s11 => summarizing_like_reference: summarize { "for word in distinct" => "for word in distinct.into_iter().take(8)" }

    s12 => summarizing_like_reference: summarize { "*p *= *p" => "*p = (*p * *p) as f32 as f64" }
    s13 => summarizing_like_reference: summarize { "n_sentences.min(" => "n_sentences.min(12).min(" }
    g1 => translating_like_reference: what_llms_are_for::Answers {
        translate: |table, source| {
            static SEEN: std::sync::Mutex<std::collections::BTreeMap<String, String>> = std::sync::Mutex::new(std::collections::BTreeMap::new());
            let mut seen = SEEN.lock().unwrap();
            source.iter().map(|e| seen.entry(e.clone()).or_insert_with(|| (what_llms_are_for::SOLUTION.translate)(table, std::slice::from_ref(e)).remove(0)).clone()).collect()
        },
        ..what_llms_are_for::SOLUTION
    };
}
