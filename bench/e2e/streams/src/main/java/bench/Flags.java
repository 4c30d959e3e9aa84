package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hankcs.algorithm.AhoCorasickDoubleArrayTrie;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** A Kafka Streams application: looks for the terms, writes a flag where there are enough. */
public final class Flags {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");
  private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");

  private final AhoCorasickDoubleArrayTrie<String[]> terms = new AhoCorasickDoubleArrayTrie<>();
  private final int least;

  private Flags(String path, int least) throws IOException {
    Map<String, String[]> all = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(path))) {
      JsonNode term = JSON.readTree(line);
      String text = term.get("text").asText();
      // Between blanks, so that whole words match only.
      all.put(" " + text + " ", new String[] {text, term.get("factor").asText()});
    }
    terms.build(all);
    this.least = least;
  }

  private List<byte[]> flag(byte[] value) {
    try {
      JsonNode event = JSON.readTree(value);
      JsonNode data = event.get("data");
      StringBuilder text = new StringBuilder();
      text.append(data.path("subject").asText()).append(' ').append(data.path("text").asText());
      for (JsonNode turn : data.path("turns")) {
        text.append(' ').append(turn.get("text").asText());
      }
      Map<String, String> found = new TreeMap<>();
      AhoCorasickDoubleArrayTrie.IHit<String[]> note = (begin, end, term) -> found.put(term[0], term[1]);
      terms.parseText(fold(text.toString()), note);
      if (found.size() < least) {
        return List.of();
      }
      return List.of(JSON.writeValueAsBytes(Map.of("event", event.get("id").asText(), "terms", found)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fold(String text) {
    String plain = MARKS.matcher(Normalizer.normalize(text.toLowerCase(), Normalizer.Form.NFD)).replaceAll("");
    return " " + NO_WORD.matcher(plain).replaceAll(" ") + " ";
  }

  public static void main(String[] args) throws IOException {
    Map<String, String> env = System.getenv();
    Flags flags = new Flags(env.get("BENCH_TERMS"), Integer.parseInt(env.get("BENCH_LEAST")));
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(env.get("BENCH_INPUT"), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .flatMapValues(flags::flag)
        .to(env.get("BENCH_OUTPUT"), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, env.get("BENCH_GROUP"));
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, env.get("BENCH_BROKER"));
    p.put(StreamsConfig.STATE_DIR_CONFIG, env.get("BENCH_STATE"));
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Runtime.getRuntime().availableProcessors());
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    p.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
    p.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    KafkaStreams streams = new KafkaStreams(builder.build(), p);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }
}
