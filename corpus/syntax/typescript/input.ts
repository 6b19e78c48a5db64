import type { Plan } from './plan'
import fs = require('fs')
export * from './route'

/** Where a parcel is. */
export enum Stage {
  /** Not sent yet. */
  Waiting,
  Sent = 'sent',
  Lost = 1 << 2,
}

declare const enum Flag { On, Off }

export type Id = string | number
export type Handler<T = unknown> = {
  /** Called once. */
  (parcel: T): void
  readonly name: string
  run?(parcel: T, ...rest: Id[]): Promise<void>
}

/**
 * What carries parcels.
 */
export interface Carrier<T extends Parcel> extends Base, io.Source<T> {
  readonly speed: number
  onArrival?: (parcel: T) => void
  new (id: Id): Carrier<T>
  [key: string]: unknown
  carry(parcel: T): Promise<Stage>
  carry(parcels: T[]): Promise<Stage[]>
}

export function find(id: string): Parcel
export function find(id: number, deep?: boolean): Parcel
// The one that does the work.
export function find(
  id: Id, // either form
  deep = false,
): Parcel {
  const local: { a: string } = { a: '' }
  return store.get(id as string)!
}

export const weigh = async <T extends Parcel>(parcel: T): Promise<number> => {
  const grams = await scale(parcel)
  return grams
}
const limit: number = 3, spare: Map<string, Id> = new Map()
export const { first, last: final } = ends<Id>()

@sealed
@component({ selector: 'parcel' })
export abstract class Parcel<T = string> extends Box<T> implements Carrier<T>, Disposable {
  static count = 0
  #weight = 1
  declare id: Id
  private readonly stages: Stage[] = []
  @input() label?: string
  onMove = (to: Stage): void => { this.stages.push(to) }

  constructor(private name: string, public plan?: Plan) { super() }

  /** Sends it off. */
  @log()
  public async send(to: Id): Promise<void> { await this.#go(to) }
  protected abstract route(from: Id): Handler<T>
  private get heavy(): boolean { return this.#weight > 3 }
  open(): void
  open(how?: string): void {}
  #go(to: Id) { return find(1) }
}

export default class extends Parcel {}

namespace routes.inner {
  export function plan(): Plan { return new Plan() }
  const hidden = 1
  export namespace deeper { export type Way = 'road' | 'rail' }
}

declare module 'vendor' {
  export function ship(parcel: Parcel): void
}
declare global {
  interface Window { parcels: Parcel[] }
}
declare function audit(what: string): asserts what is 'ok'

export const table = {
  key: 1,
  insert: (child: Node, parent: Node): void => { parent.add(child) },
  remove(child: Node) {},
} satisfies Table

function guard(x: unknown): x is Parcel { return x instanceof Parcel }

describe('parcels', () => {
  const one = new Parcel('one')
  it(`sends`, async () => { expect(one.send(2)).resolves })
})

export { limit, guard as isParcel }

export function broken(a: string, b: {
  if (a ===
