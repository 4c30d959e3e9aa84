// The contender Vectorscan (or Hyperscan): `vectorscan TERMS NAME=DOCUMENTS...`
// speaks the protocol of bench/README.md. Each term is a literal of one block
// database; the callback gets its number and where it ends.

#include <hs/hs.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

// CPU time of the process in nanoseconds.
uint64_t cpu() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return uint64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

[[noreturn]] void fail(const std::string &what) {
  std::cerr << "vectorscan: " << what << "\n";
  exit(1);
}

// A blank on both sides makes a match begin and end between words.
std::vector<std::string> spaced(const std::string &file) {
  std::ifstream in(file);
  if (!in) fail("cannot read " + file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(" " + line + " ");
  return lines;
}

struct Found {
  uint64_t matches, sum;
};

int found(unsigned id, unsigned long long, unsigned long long to, unsigned, void *context) {
  auto *f = static_cast<Found *>(context);
  f->matches++;
  f->sum += id + to;
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 2) fail("usage: vectorscan TERMS NAME=DOCUMENTS...");
  const auto terms = spaced(argv[1]);
  std::map<std::string, std::vector<std::string>> inputs;
  for (int i = 2; i < argc; i++) {
    const std::string arg = argv[i];
    const auto cut = arg.find('=');
    if (cut == std::string::npos) fail("not NAME=FILE: " + arg);
    inputs[arg.substr(0, cut)] = spaced(arg.substr(cut + 1));
  }

  const uint64_t began = cpu();
  std::vector<const char *> texts;
  std::vector<size_t> lengths;
  std::vector<unsigned> ids, flags(terms.size(), 0);
  for (const auto &t : terms) {
    ids.push_back(texts.size());
    texts.push_back(t.data());
    lengths.push_back(t.size());
  }
  hs_database_t *database = nullptr;
  hs_compile_error_t *error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), lengths.data(), texts.size(), HS_MODE_BLOCK, nullptr,
                           &database, &error) != HS_SUCCESS)
    fail(error->message);
  hs_scratch_t *scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) fail("no scratch memory");
  size_t bytes = 0;
  hs_database_size(database, &bytes);
  std::cout << "ready " << cpu() - began << " " << bytes << std::endl;

  Found f{0, 0};
  auto scan = [&](const std::string &d) {
    if (hs_scan(database, d.data(), d.size(), 0, scratch, found, &f) != HS_SUCCESS) fail("scan");
  };
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command, name;
    words >> command >> name;
    if (!inputs.count(name)) fail("no input " + name);
    const auto &documents = inputs[name];
    f = Found{0, 0};
    if (command == "count") {
      uint64_t hit = 0;
      for (const auto &d : documents) {
        const uint64_t before = f.matches;
        scan(d);
        hit += f.matches > before;
      }
      std::cout << "count " << f.matches << " " << hit << std::endl;
    } else if (command == "round") {
      unsigned times = 0;
      words >> times;
      const uint64_t start = cpu();
      for (unsigned i = 0; i < times; i++)
        for (const auto &d : documents) scan(d);
      std::cout << "round " << cpu() - start << " " << f.matches << std::endl;
    } else {
      fail("no command " + command);
    }
  }
}
