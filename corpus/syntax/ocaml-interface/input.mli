(** A small store of values. *)

open Base

(** The type of stores.

    They grow without bound. *)
type 'v t

type key = private string

type shape =
  | Circle of float  (** a round one *)
  | Rect of { w : float; h : float }

type options = {
  limit : int;  (** most values kept *)
  name : string option;
}

exception Not_stored of key

val empty : 'v t
(** The store without values. *)

(** Puts a value into a store. *)
val insert : ?limit:int -> 'v t -> key:key -> 'v -> 'v t

val ( +++ ) : 'v t -> 'v t -> 'v t
external now : unit -> float = "unix_time"

module type Ordered = sig
  type t

  val compare : t -> t -> int
end

(** Maps by an ordered key. *)
module Make (K : Ordered) : sig
  type nonrec t

  val add : K.t -> t -> t
end

module Strings : Ordered with type t = string
include Comparable.S with type t := key

class stack : int -> object
  method push : int -> unit
  method size : int
end

val broken : (int ->
