(** A small store of values. *)

open Printf
open! Base
include Comparable.Make (Key)

exception Not_stored of string

(** The key of a store. *)
type key = string

type 'a shape =
  | Circle of float  (** a round one *)
  | Rect of { w : float; h : float }
  | Named of string * 'a

type 'v store = {
  mutable values : (key * 'v) list;  (** newest first *)
  limit : int;
}
[@@deriving show]

type color = [ `Red | `Gray of int ]

let paint (color : [ `Red | `Blue ]) = color

type t = A | B of t
and forest = Tree of t list

module type Ordered = sig
  type t

  val compare : t -> t -> int
  (** Orders two values. *)
end

(** Maps by an ordered key. *)
module Make (K : Ordered) = struct
  type key = K.t

  let empty = []

  let rec add key value = function
    | [] -> [ (key, value) ]
    | (k, _) :: rest when K.compare k key = 0 -> (key, value) :: rest
    | pair :: rest -> pair :: add key value rest

  module Inner = struct
    let depth = 2
  end
end

module Strings = Make (String)

(** [insert store key value] puts a value into a store.

    Older values stay. *)
let insert ?(limit = 10) ~store (key : key) value : 'v store =
  let values = (key, value) :: store.values in
  let clip n list = List.take list n in
  { store with values = clip limit values }

let rec even n = n = 0 || odd (n - 1)
and odd n = n <> 0 && even (n - 1)

let ( +++ ) a b = a @ b
let square = fun x -> x * x
let default_limit : int = 10
let low, high = (0, 10)

external now : unit -> float = "unix_time" "unix_time_unboxed"

class virtual ['a] stack (size : int) =
  object (self)
    inherit base size
    val mutable items : 'a list = []
    method virtual name : string
    method push (item : 'a) = items <- item :: items
    method private clear = items <- []
    method size : int = self#count items
  end

class type printable = object
  method print : unit -> unit
end

let () =
  let store = { values = []; limit = 3 } in
  printf "%d\n" (List.length store.values)

let%test "insert keeps order" = even 2
let%expect_test "prints" = print_string "x"; [%expect {| x |}]

let broken x =
  match x with
  | Circle r -> (r *.
