# frozen_string_literal: true

require "json"
require_relative "lib/harbor"
autoload :Crane, "harbor/crane"

# Everything about ships.
module Port
  VERSION = "1.2.3"
  Point = Struct.new(:x, :y) do
    def distance(other) = Math.hypot(x - other.x, y - other.y)
  end

  # A thing that floats.
  #
  # It may sink.
  class Ship < Base::Vessel
    include Comparable, Enumerable
    extend Loader

    attr_accessor :name, :flag
    attr_reader :crew

    def initialize(name, crew: [], *rest, **options, &block)
      @name = name
      local = crew.map { |sailor| sailor.upcase }
    end

    # Compares by name.
    def <=>(other)
      name <=> other.name
    end

    def [](at) = crew[at]
    def name=(value)
      @name = value.to_s
    end
    def sunk? = false
    alias sank? sunk?
    alias_method :afloat?, :sunk?

    def self.build(**options)
      new(**options)
    end

    class << self
      def all; @all ||= []; end

      private

      def secret; end
    end

    define_method(:whistle) do |times|
      puts "toot" * times
    end

    private def hidden; end
    private_class_method def self.buried; end

    protected

    def weigh
      42
    end

    private

    # Nobody sees it.
    def repair!(
      tool, # any
      force: false
    )
      raise ArgumentError unless force
    end

    public

    def sail(to:) = Route.new(self, to).start
  end

  class Error < StandardError; end

  class Ship::Cabin
    def clean; end
  end

  def self.open?; true; end

  def helper; end
  module_function :helper
end

def top_level(a, b = {})
  a.merge(b)
end

class ShipTest < Minitest::Test
  def setup; @ship = Port::Ship.new("Ada"); end

  def test_name
    assert_equal "Ada", @ship.name
  end

  test "sails to a port" do
    assert @ship.sail(to: :rome)
  end
end

RSpec.describe Port::Ship do
  describe "#sail" do
    let(:ship) { described_class.new("Ada") }

    it "arrives" do
      expect(ship.sail(to: :rome)).to be_truthy
    end
  end
end

namespace :port do
  desc "Cleans the port"
  task :clean, [:force] => :environment do |_, args|
    Port.clean
  end
  task build: :clean do
  end
end

class Broken
  def half(a, b
    a +
  end

  def after; end
end
