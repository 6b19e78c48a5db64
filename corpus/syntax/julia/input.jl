"Shapes and their areas."
module Shapes

using LinearAlgebra
using Base: show, convert
import Statistics.mean, JSON
include("util.jl")

export area, Circle,
    scale!
public Color

"""
    area(shape)

Area of a shape.
"""
function area(shape::Shape, factor::T = 1; digits = 2)::Float64 where {T<:Real}
    local_sum = factor + 1
    helper(x) = x * 2
    round(helper(mean(shape.sides)); digits)
end

# Without a docstring.
area(c::Circle{T}) where {T} = π * c.radius^2

Base.show(io::IO, c::Circle) = print(io, "circle")
function Base.:+(a::Circle, b::Circle) end
function LinearAlgebra.norm(
    c::Circle, # the circle
    p::Int,
)
    c.radius
end

const LIMIT = 10
origin = (0, 0)
square = x -> x^2

"A thing with an area."
abstract type Shape{T} <: Any end
primitive type Tiny 8 end

"""
A circle.
"""
struct Circle{T<:Real} <: Shape{T}
    radius::T
    name
    "Its label."
    label::Union{String,Nothing}
    Circle(r::T) where {T} = new{T}(r, "", nothing)
end

Base.@kwdef mutable struct Options
    deep::Bool = false
    const limit::Int = 3
end

struct Empty end

(o::Options)(x) = x + o.limit
Circle{T}(x::String) where {T} = Circle(parse(T, x))

"Twice."
macro twice(ex)
    quote
        inner = $(esc(ex))
    end
end

@inline function fast(x)
    x
end
@enum Color red green blue
function later end
function scale!(v::Vector{<:Number}, k) v .*= k end

module Inner
    deep() = 1
end

for i in 1:3
    inside = i
end

@testset "areas" begin
    c = Circle(1.0)
    @test area(c) ≈ π
end

after() = area.(shapes)

end

function broken(x
    x +
end
