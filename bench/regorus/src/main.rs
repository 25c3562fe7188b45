// Regorus in a warm process: the peer of decisions. Each line of input asks for rounds of one query over inputs; a round is timed from
// the text of each input to the text of its result.
use std::io::{self, BufRead};
use std::time::Instant;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};
use serde_json::{json, Value as Json};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn text<'a>(request: &'a Json, key: &str) -> &'a str {
    request[key].as_str().unwrap_or_default()
}

fn engine(request: &Json) -> Outcome<Engine> {
    let mut engine = Engine::new();
    engine.add_policy_from_file(text(request, "Policy"))?;
    if !text(request, "Data").is_empty() {
        engine.add_data_json(&std::fs::read_to_string(text(request, "Data"))?)?;
    }
    Ok(engine)
}

/// Milliseconds of every round, and the results of the last.
fn rounds(request: &Json, mut decide: impl FnMut(&str) -> Outcome<String>) -> Outcome<Json> {
    let inputs: Vec<String> = match &request["Inputs"] {
        Json::Array(texts) => texts.iter().map(|one| one.as_str().unwrap_or_default().to_string()).collect(),
        _ => vec![std::fs::read_to_string(text(request, "Input"))?],
    };
    let mut times = Vec::new();
    let mut results = Vec::new();
    // One round more than asked: the first warms up.
    for round in 0..=request["Rounds"].as_u64().unwrap_or(1) {
        results.clear();
        let started = Instant::now();
        for input in &inputs {
            results.push(decide(input)?);
        }
        if round > 0 {
            times.push(started.elapsed().as_secs_f64() * 1000.0);
        }
    }
    let results: Result<Vec<Json>, _> = results.iter().map(|one| serde_json::from_str(one)).collect();
    Ok(json!({ "times": times, "results": results? }))
}

fn interpreter(request: &Json) -> Outcome<Json> {
    let mut engine = engine(request)?;
    let rule = text(request, "Query").to_string();
    rounds(request, |input| {
        engine.set_input_json(input)?;
        Ok(engine.eval_rule(rule.clone())?.to_json_str()?)
    })
}

/// The register machine.
fn machine(request: &Json) -> Outcome<Json> {
    let mut engine = engine(request)?;
    let rule = text(request, "Query");
    let policy = engine.compile_with_entrypoint(&Rc::from(rule))?;
    let mut vm = RegoVM::new();
    vm.load_program(Compiler::compile_from_policy(&policy, &[rule])?);
    vm.set_data(engine.get_data())?;
    rounds(request, |input| {
        vm.set_input(Value::from_json_str(input)?);
        Ok(vm.execute()?.to_json_str()?)
    })
}

fn main() -> Outcome<()> {
    for line in io::stdin().lock().lines() {
        let request: Json = serde_json::from_str(&line?)?;
        let answer = |run: fn(&Json) -> Outcome<Json>| run(&request).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        println!("{}", json!({ "interpreter": answer(interpreter), "machine": answer(machine) }));
    }
    Ok(())
}
