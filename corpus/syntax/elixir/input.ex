defmodule Library.Book do
  @moduledoc """
  A book that can be lent.

  Not a magazine.
  """
  use Ecto.Schema
  import Ecto.Query, only: [from: 2]
  alias Library.{Reader, Shelf}
  require Logger
  @behaviour Library.Item

  @typedoc "A book."
  @type t :: %__MODULE__{title: String.t()}
  @typep state(a) :: {:ok, a}
  @callback lend(book :: t, reader :: Reader.t()) :: :ok | {:error, term}

  @enforce_keys [:title]
  defstruct [:title, pages: 0]

  @limit 3

  @doc """
  Lends a book.
  """
  @doc since: "1.2.0"
  @spec lend(t, Reader.t()) :: :ok
  @impl true
  def lend(book, reader \\ nil)
  def lend(%__MODULE__{} = book, %Reader{} = reader) when is_binary(reader.name) do
    Logger.info("lent")
    helper = fn x -> x + @limit end
    helper.(count(book))
  end

  def lend(_book, nil), do: {:error, :no_reader}

  # Counts its pages.
  defp count(book), do: book.pages

  @doc false
  def title?, do: true

  @doc ~S"""
  Joins two books.
  """
  def a <> b, do: [a, b]

  defmacro trace(expr) do
    quote do
      IO.inspect(unquote(expr))
    end
  end

  defguard is_thick(book) when book.pages > 500
  defdelegate shelve(book), to: Shelf

  defmodule Error do
    defexception [:message]

    def message(e), do: e.message
  end
end

defprotocol Library.Readable do
  @doc "Reads it."
  def read(thing, opts)
end

defimpl Library.Readable, for: Library.Book do
  def read(book, _opts), do: Library.Book.title?()
end

defmodule Library.BookTest do
  use ExUnit.Case, async: true

  setup do
    {:ok, book: %Library.Book{title: "x"}}
  end

  describe "lend/2" do
    @tag :slow
    test "lends to a reader", %{book: book} do
      assert Library.Book.lend(book) == :ok
    end
  end

  def broken(a do
    a +
  end

  def after_broken, do: 1
end
