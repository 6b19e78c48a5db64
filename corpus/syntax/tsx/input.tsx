import React, { type ReactNode, forwardRef } from 'react'
import { Frame } from './frame'

/** What a panel takes. */
export interface PanelProps extends Frame.Props {
  title: string
  /** Called when it closes. */
  onClose?: (reason: string) => void
  children?: ReactNode
}

type Size = 'small' | 'large'

/**
 * Shows things in a frame.
 */
export const Panel: React.FC<PanelProps> = ({ title, children, onClose }) => {
  const [open, setOpen] = React.useState<boolean>(false)
  const toggle = () => { setOpen(!open) }
  return (
    <Frame.Box size="large">
      <Header title={title} onClick={() => toggle()} />
      {children}
    </Frame.Box>
  )
}

export const Field = forwardRef<HTMLInputElement, { label: string }>(function Field(props, ref) {
  return <input ref={ref} {...props} />
})

export default function App({ size }: { size: Size }) {
  return <Panel title="top">{items.map((item: Item) => <Row key={item.id} {...item} />)}</Panel>
}

class Board extends React.Component<PanelProps, { open: boolean }> {
  static defaultProps: Partial<PanelProps> = { title: '' }
  state = { open: false }
  render() {
    return <>{this.state.open && <Panel {...this.props} />}</>
  }
}

export function useSize<T,>(initial: T): [T, (next: T) => void] {
  return React.useState(initial)
}

it('renders a panel', () => {
  render(<Panel title="test" />)
})

const Broken = () => <div><Row</div>

export const After = (): JSX.Element => <hr />
