// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import "./Base.sol";
import {Item, pack as fit} from "./view/View.sol";
import * as Text from "./Text.sol";

type Price is uint128;

error TooLow(uint256 given, uint256 wanted);
uint256 constant LIMIT = 100;

struct Bid { address who; uint256 amount; }
enum Phase { Open, Closed }

/// @title Takes orders.
interface IMarket is IBase {
    event Placed(address indexed who, uint256 amount);
    function place(uint256 amount) external payable returns (bool);
}

library Numbers {
    function square(uint256 n) internal pure returns (uint256) { return n * n; }
}

/**
 * @notice Keeps orders by owner.
 * @dev Not for production.
 */
abstract contract Market is Base(1), IMarket {
    using Numbers for uint256;

    struct Order {
        uint256 amount;
        mapping(address => bool) seen;
    }

    enum State { Idle, Busy }

    mapping(address owner => Order[]) private orders;
    uint256 public immutable total;
    address internal constant OWNER = address(0);
    Bid[] bids;

    modifier onlyOwner(address who) {
        require(who == OWNER, "not the owner");
        _;
    }

    constructor(uint256 start) Base(start) {
        total = start;
    }

    receive() external payable {}
    fallback(bytes calldata input) external returns (bytes memory) { return input; }

    /// @notice Places an order.
    /// @param amount how many
    function place(
        uint256 amount
    ) external payable override onlyOwner(msg.sender) returns (bool ok) {
        if (amount < LIMIT) revert TooLow(amount, LIMIT);
        uint256 local = amount.square();
        emit Placed(msg.sender, local);
        return _store(Bid({who: msg.sender, amount: local}));
    }

    function _store(Bid memory bid) internal virtual returns (bool);
    function find(uint256 id) public view returns (Order[] memory) { return orders[msg.sender]; }
    function find(address who) public view returns (uint256) { return orders[who].length; }
}

function helper(uint256 n) pure returns (uint256) { return n; }

contract MarketTest is Test {
    function setUp() public {}
    function testPlaces() public { assertEq(helper(1), 1); }
    function test_RevertWhen_Low() public {}
}

contract Broken {
    function fine() public {}
    function bad( public { return; }
    function afterwards() public {}
}
