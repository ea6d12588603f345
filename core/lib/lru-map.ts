/** A map ordered by last `set`, oldest first; with more than `most` entries the oldest is evicted. */
export class LruMap<K, V> extends Map<K, V> {
  private readonly most: number

  constructor(most = Number.POSITIVE_INFINITY) {
    super()
    this.most = most
  }

  override set(key: K, value: V): this {
    this.delete(key)
    super.set(key, value)
    const [oldest] = this.keys()
    if (this.size > this.most && oldest !== undefined) this.delete(oldest)
    return this
  }
}
