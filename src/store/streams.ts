// Several streams of documents as one. Each is read no further than it is asked for. Must not know queries.

/** One stream after the other. */
export async function* concatenate<Item>(
  streams: readonly AsyncGenerator<Item>[],
): AsyncGenerator<Item> {
  for (const stream of streams) yield* stream;
}

/** Sorted streams as one sorted stream, which has read one item ahead of each at most. */
export async function* mergeSorted<Item>(
  streams: readonly AsyncGenerator<Item>[],
  compare: (a: Item, b: Item) => number,
): AsyncGenerator<Item> {
  try {
    const heads = await Promise.all(streams.map((stream) => headOf(stream)));
    let open = heads.filter((head) => head !== undefined);
    while (open.length > 0) {
      const first = open.reduce((best, head) => (compare(head.item, best.item) < 0 ? head : best));
      yield first.item;
      const next = await headOf(first.stream);
      open = open.flatMap((head) => (head !== first ? [head] : next ? [next] : []));
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  }
}

// --- internal ---

type Head<Item> = { readonly item: Item; readonly stream: AsyncGenerator<Item> };

async function headOf<Item>(stream: AsyncGenerator<Item>): Promise<Head<Item> | undefined> {
  const { done, value } = await stream.next();
  return done ? undefined : { item: value, stream };
}
