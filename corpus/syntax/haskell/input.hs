{-# LANGUAGE DerivingStrategies #-}
{-# LANGUAGE GADTs #-}

-- | A small store of values, kept in memory.
module Data.Store
  ( Store (..)
  , Shape (..)
  , insert
  , area
  ) where

import Control.Monad (forM_, unless)
import qualified Data.Map.Strict as Map
import Data.Text (Text)

-- | A store of values by key.
data Store k v = Store
  { storeValues :: Map.Map k v -- ^ the values
  , storeLimit :: !Int
  }
  deriving stock (Show, Eq)

-- | Shapes with a size.
data Shape
  = Circle Double
  | Rect { width, height :: Double }
  | Double :+: Double
  deriving (Show)

data Expr a where
  IntE :: Int -> Expr Int
  Add :: Expr Int -> Expr Int -> Expr Int

newtype Parser a = Parser { runParser :: String -> Maybe (a, String) }

type Name = Text

type family Elem c
type instance Elem [e] = e

-- | Things that have an area.
class Show a => HasArea a where
  type Unit a
  -- | The area.
  area :: a -> Double
  area _ = 0
  perimeter, diameter :: a -> Double
  infixl 6 <+>
  (<+>) :: a -> a -> a

instance HasArea Shape where
  type Unit Shape = Double
  area (Circle r) = pi * r * r
  area (Rect w h) = w * h
  area (a :+: b) = a * b

instance (Show k, Show v) => Semigroup (Store k v) where
  a <> b = a

-- | Inserts a value.
--
-- Older values are replaced.
insert
  :: Ord k
  => k
  -> v
  -> Store k v
  -> Store k v
insert key value store
  | Map.size values >= storeLimit store = store
  | otherwise = store { storeValues = grown }
  where
    values = storeValues store
    grown = Map.insert key value values
    helper :: Int -> Int
    helper 0 = 1
    helper n = n * helper (n - 1)

-- | Twice, by pattern.
twice :: Int -> Int
twice 0 = 0
twice n = n + n

infixr 5 +++
(+++) :: [a] -> [a] -> [a]
xs +++ ys = foldr (:) ys xs

limit, floorLimit :: Int
limit = 10
floorLimit = 1

(low, high) = (0, 10)

noSignature x = unless x $ forM_ [1, 2] print

pattern Unit2 :: Shape
pattern Unit2 = Circle 1

foreign import ccall "math.h sin" c_sin :: Double -> Double

deriving instance Eq Shape

broken :: Int -> Int
broken x = case x of
  1 -> (2
