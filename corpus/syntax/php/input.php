<!DOCTYPE html>
<?php

declare(strict_types=1);

namespace Market\Stalls;

use Market\Goods\Apple;
use Market\Goods\{Pear, Plum as Prune};
use function Market\weigh;

require_once __DIR__ . '/scales.php';

const OPEN_HOURS = 8;
define('MARKET_NAME', 'Saturday');

/**
 * Something that sells.
 *
 * @template T
 */
interface Seller extends Named, \Countable
{
    public const TAX = 0.2;

    /** Sells one good. */
    public function sell(Apple|Pear $good, int ...$coins): ?Receipt;
}

trait Shouts
{
    protected string $voice = 'loud', $tone = "high";

    private function shout(): void { echo strtoupper($this->voice); }
}

#[Entity(table: 'stalls')]
#[Cached]
abstract class Stall extends Base\Place implements Seller, \JsonSerializable
{
    use Shouts, Counts;

    private static ?Stall $first = null;
    public readonly array $goods;
    var $legacy;
    const A = 1, B = 2;

    public function __construct(
        private readonly Apple $apple, // the first
        protected ?Pear $pear = null,
        int $size = 3,
    ) {
        $this->goods = [new Apple(), Prune::ripe()];
    }

    // Called for every customer.
    #[Route('/sell', methods: ['POST'])]
    final public function sell(Apple|Pear $good, int ...$coins): ?Receipt
    {
        $local = weigh($good);
        $add = fn (int $x): int => $x + 1;
        return $this?->print(new \Market\Receipt($good));
    }

    abstract protected function close(): void;

    public static function &all(): iterable { yield self::$first; }

    function bare() {}
}

enum Size: string implements HasLabel
{
    case Small = 's';
    case Large = 'l';

    const DEFAULT = self::Small;

    public function label(): string { return ucfirst($this->name); }
}

/** Adds up prices. */
function total(array $prices, callable $round = null): float
{
    function nested() {}
    return array_sum($prices);
}

$handler = function (Request $request) use ($total) {
    $inside = 1;
    return new class extends Stall {
        public function close(): void {}
    };
};
$config = ['a' => 1];

if (! function_exists('helper')) {
    function helper() {}
}

class StallTest extends TestCase
{
    public function testSells(): void { $this->assertTrue(total([]) === 0.0); }

    #[Test]
    public function it_closes(): void {}
}

function broken($a {
    return $a +;

function after(): Size { return Size::Small; }
