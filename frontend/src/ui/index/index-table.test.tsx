import { MantineProvider } from '@mantine/core';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { Column } from './columns';
import { IndexTable } from './index-table';
import { useTicks } from './use-ticks';

type Tree = { id: string; name: string };

const trees: Tree[] = ['Kauri', 'Rimu', 'Tōtara'].map((name) => ({ id: name.toLowerCase(), name }));
const drawn = vi.fn((tree: Tree) => tree.name);
const columns: readonly Column<Tree>[] = [
  { id: 'name', head: 'Name', phone: 'title', sort: 'name', opens: true, cell: drawn },
];
const ids = trees.map((tree) => tree.id);
const tickBox = (tree: Tree) => ({ label: tree.name, whyNot: null });

function Trees({ onOpen }: { onOpen: (id: string) => void }) {
  const [sort, setSort] = useState('name');
  const ticks = useTicks({ name: 'trees', filter: '', total: 3, shown: trees, untickable: [] });
  return (
    <IndexTable
      label="Trees"
      columns={columns}
      rows={trees}
      sort={sort}
      onSort={setSort}
      onOpen={onOpen}
      ticks={ticks}
      tickable={ids}
      tickBox={tickBox}
    />
  );
}

async function renderTrees() {
  const onOpen = vi.fn();
  const router = createRouter({
    routeTree: createRootRoute({ component: () => <Trees onOpen={onOpen} /> }),
    history: createMemoryHistory(),
  });
  render(
    <MantineProvider env="test">
      <RouterProvider router={router as never} />
    </MantineProvider>,
  );
  await screen.findByRole('table', { name: 'Trees' });
  return { onOpen, user: userEvent.setup({ delay: null }) };
}

const head = () => screen.getByRole('columnheader', { name: 'Name' });

describe('a list', () => {
  test('is sorted by its head, first falling and then rising', async () => {
    const { user } = await renderTrees();
    expect(head()).toHaveAttribute('aria-sort', 'ascending');

    await user.click(screen.getByRole('button', { name: 'Name' }));
    expect(head()).toHaveAttribute('aria-sort', 'descending');

    await user.click(screen.getByRole('button', { name: 'Name' }));
    expect(head()).toHaveAttribute('aria-sort', 'ascending');
  });

  test('draws only the row that was ticked again', async () => {
    const { user } = await renderTrees();
    drawn.mockClear();

    await user.click(screen.getByRole('checkbox', { name: 'Select Rimu' }));

    const names = new Set(drawn.mock.calls.map(([tree]) => tree.name));
    expect(names).not.toContain('Tōtara');
    expect(names).toContain('Rimu');
  });

  test('opens a row by a click beside its words and by Enter on its box, and ticks without opening', async () => {
    const { user, onOpen } = await renderTrees();

    await user.click(screen.getByRole('row', { name: /Kauri/ }));
    screen.getByRole('checkbox', { name: 'Select Rimu' }).focus();
    await user.keyboard('{Enter}');
    await user.click(screen.getByRole('checkbox', { name: 'Select Tōtara' }));

    expect(onOpen.mock.calls.flat()).toEqual(['kauri', 'rimu']);
  });

  test('ticks and unticks everything by its head', async () => {
    const { user } = await renderTrees();
    const all = screen.getByRole('checkbox', { name: 'Tick all shown' });

    await user.click(screen.getByRole('checkbox', { name: 'Select Kauri' }));
    expect(all).toBePartiallyChecked();
    await user.click(all);
    expect(all).toBeChecked();
    await user.click(all);

    expect(screen.getByRole('checkbox', { name: 'Select Kauri' })).not.toBeChecked();
  });
});
